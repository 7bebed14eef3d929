// How the worker drives the realm: one function, called with an operation and one argument.
let answers = list();
let threwNull = false;

function end(text) {
  if (ended) return;
  ended = true;
  mapClear(timers);
  let waiting = "";
  mapForEach(pending, (entry, id) => {
    waiting += `${waiting === "" ? "" : ","}[${id},${(entry.at ?? START_OF_FILE).line}]`;
  });
  outcome = `{${text},"pending":[${waiting}]}`;
}

function endWithError(error) {
  if (aborted !== null) return endWithCode("WORKFLOW_ABORTED", aborted, null, undefined);
  const origin = originOf(error);
  // Where memory is too short even for an error, the engine throws null.
  threwNull = error === null;
  if (isOutOfMemory(error)) endWithCode("SCRIPT_MEMORY", "", positionOf(error), undefined);
  else if (origin !== undefined) endWithCode(origin.code, error.message, origin.at, origin.call ?? undefined);
  else endWithCode("SCRIPT_ERROR", describeError(error), positionOf(error), undefined);
}

function endWithCode(code, message, at, id) {
  let text = `"code":"${code}","message":${stringify(cut(NativeString(message), limits.maxLogChars))}`;
  if (at !== null) text += `,"line":${at.line},"column":${at.column}`;
  if (id !== undefined) text += `,"call":${id}`;
  end(`"error":{${text}}`);
}

function endWithValue(value) {
  if (aborted !== null) return endWithError(undefined);
  const type = typeof value;
  if (type === "function" || type === "symbol" || type === "bigint") {
    return endWithCode("SCRIPT_ERROR", `The script returned a ${type}; a result is made of JSON values.`, null);
  }
  let text;
  try {
    text = stringify(value) ?? "null";
  } catch (error) {
    if (isOutOfMemory(error)) return endWithError(error);
    return endWithCode("SCRIPT_ERROR", `The result cannot be written as JSON: ${describeError(error)}`, null);
  }
  end(`"value":${stringify(text)}`);
}

const OPERATIONS = {
  __proto__: null,
  open(text) {
    const options = parse(text);
    for (const name of ownKeys(options.limits)) limits[name] = options.limits[name];
    for (const name of ["budgetTotal", "cwd", "fileName", "missing", "missingProcess", "missingProcessOther"]) {
      program[name] = options[name];
    }
    setPrototypeOf(program.missing, null);
    setPrototypeOf(program.missingProcess, null);
    guardDeterminism(options.forbidden);
    spentTokens = options.spentTokens;
    define(globalThis, "cwd", program.cwd);
    define(globalThis, "args", options.args === undefined ? undefined : parse(options.args));
  },
  start(body) {
    (async () => {
      try {
        endWithValue(await body());
      } catch (error) {
        endWithError(error);
      }
    })();
  },
  load(text) {
    answers = parse(text);
    return answers.length;
  },
  step(index) {
    const answer = answers[index];
    if (answer.spent !== undefined) spentTokens = answer.spent;
    settle(answer.id, answer.value, answer.code, answer.message);
  },
  fire() {
    if (ended || mapSize(pending) > 0) return false;
    if (fireTimer()) return true;
    endWithCode("SCRIPT_DEADLOCK", DEADLOCK, null);
    return false;
  },
  abort(message) {
    aborted = message;
    const entries = list();
    mapForEach(pending, (entry, id) => {
      entries[entries.length] = id;
    });
    for (let index = 0; index < entries.length; index++) settle(entries[index], "", "WORKFLOW_ABORTED", message);
  },
  end() {
    endWithError(undefined);
  },
  broken(message) {
    if (indexOf(message, "out of memory") >= 0) endWithCode("SCRIPT_MEMORY", "", null);
  },
  collect(memory) {
    if (threwNull && outcome !== null && memory === "used up") {
      ended = false;
      endWithCode("SCRIPT_MEMORY", "", null);
    }
    let text = `{"events":[${join(events, ",")}],"pending":${mapSize(pending)}`;
    if (outcome !== null) text += `,"outcome":${outcome}`;
    events = list();
    outcome = null;
    answers = list();
    return join(setPrototypeOf([text, "}"], null), "");
  },
};

const DEADLOCK =
  "The script waits for something that can no longer happen: no call is under way, no timer is set, and what it " +
  "returns has not been settled. Look for a promise that nothing resolves.";

return (operation, argument) => OPERATIONS[operation](argument);
