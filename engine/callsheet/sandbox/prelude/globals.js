// The names that a script finds.
function agent(prompt, options) {
  return callAgent(prompt, options, position());
}

function parallel(thunks) {
  return runParallel(thunks, position());
}

function pipeline(items, ...stages) {
  return runPipeline(items, stages, position());
}

function workflow(target, args) {
  return callWorkflow(target, args, position());
}

function checkpoint(question, options) {
  return callCheckpoint(question, options, position());
}

function verify(item, options) {
  return runVerify(item, options, position());
}

function judgePanel(attempts, options) {
  return runJudgePanel(attempts, options, position());
}

function loopUntilDry(options) {
  return runLoopUntilDry(options, position());
}

function completenessCheck(task, results) {
  return runCompletenessCheck(task, results, position());
}

function retry(thunk, options) {
  return runRetry(thunk, options, position());
}

function gate(thunk, validator, options) {
  return runGate(thunk, validator, options, position());
}

function phase(title, options) {
  if (typeof title !== "string" || trim(title) === "") {
    throw workflowError("INVALID_CALL", "phase() takes a title, a string that is not blank.");
  }
  const budget = options?.budget;
  const isGiven = budget !== undefined && budget !== null;
  if (isGiven && !(typeof budget === "number" && budget >= 0)) {
    throw workflowError("INVALID_CALL", "phase(): budget is a number of tokens.");
  }
  currentPhase = toWellFormed(title);
  // A share of budget.remaining() can be a fraction, or Infinity where the run has no budget.
  const limit = isGiven ? `,"budget":${min(floor(budget), MAX_TOKENS)}` : "";
  emit(`{"k":"phase","title":${stringify(currentPhase)}${limit}}`);
}
const { isInteger: NumberIsInteger, MAX_SAFE_INTEGER: MAX_TOKENS } = Number;

function log(message) {
  logLine(formatValue(message), "log", locate(rawStackOf(new Error())));
}

function consoleLog(values) {
  const parts = list();
  for (let index = 0; index < values.length; index++) parts[index] = formatValue(values[index]);
  logLine(join(parts, " "), "log", locate(rawStackOf(new Error())));
}

const console = {};
for (const name of ["log", "info", "warn", "error", "debug"]) {
  define(console, name, { [name]: (...values) => consoleLog(values) }[name]);
}

const budget = {
  get total() {
    return program.budgetTotal;
  },
  spent: () => spentTokens,
  remaining: () => (program.budgetTotal === null ? Infinity : max(0, program.budgetTotal - spentTokens)),
};

let meta;
defineProperty(globalThis, "meta", {
  __proto__: null,
  get: () => meta,
  set(value) {
    if (meta !== undefined) throw new TypeError("'meta' is read-only");
    meta = deepFreeze(value);
  },
  enumerable: true,
  configurable: false,
});

function deepFreeze(value) {
  if (!isObject(value)) return value;
  freeze(value);
  const keys = ownKeys(value);
  for (let index = 0; index < keys.length; index++) deepFreeze(value[keys[index]]);
  return value;
}

// Everything but cwd() says what to use in its place.
const process = new Proxy(freeze({ cwd: () => program.cwd }), {
  __proto__: null,
  get(target, name) {
    if (typeof name !== "string" || name === "then" || name === "toJSON" || hasOwn(target, name)) return target[name];
    const advice = program.missingProcess[name] ?? program.missingProcessOther;
    throw new ReferenceError(`process.${name} is not there. ${advice}`);
  },
});

const GLOBALS = {
  __proto__: null,
  agent,
  parallel,
  pipeline,
  workflow,
  checkpoint,
  verify,
  judgePanel,
  loopUntilDry,
  completenessCheck,
  retry,
  gate,
  phase,
  log,
  console,
  budget: freeze(budget),
  process,
  structuredClone,
  URL,
  URLSearchParams,
  TextEncoder,
  TextDecoder,
  setTimeout,
  clearTimeout,
  queueMicrotask(callback) {
    if (typeof callback !== "function") throw new TypeError("queueMicrotask() takes a function.");
    enqueue(() => guarded(callback));
  },
};
for (const name of ownKeys(GLOBALS)) define(globalThis, name, GLOBALS[name]);
