// How the worker drives the realm: one function, called with an operation and one argument.
let answers = list();
let endValue = null; // JSON text of the result
let endError; // what was thrown
let endCode = null; // why it ended where nothing was thrown
let endMessage = "";
let endPending = ""; // calls without an answer at that moment
let endReported = false;

// Nothing here may depend on memory: the script may have used all there is.
function endWithError(error) {
  if (ended) return;
  ended = true;
  endError = error;
  mapClear(timers);
  queue.length = 0;
  try {
    endPending = pendingText();
  } catch {
    endPending = "";
  }
}

function endWithCode(code, message) {
  if (ended) return;
  endCode = code;
  endMessage = message;
  endWithError(undefined);
}

function endWithValue(value) {
  if (ended) return;
  const type = typeof value;
  if (type === "function" || type === "symbol" || type === "bigint") {
    return endWithCode("SCRIPT_ERROR", `The script returned a ${type}; a result is made of JSON values.`);
  }
  try {
    const text = stringify(value, readable("The result")) ?? "null";
    if (ended) return;
    endValue = text;
    endWithError(undefined);
  } catch (error) {
    if (isOutOfMemory(error) || error === null) endWithError(error);
    else if (error instanceof Unreadable) endWithCode("SCRIPT_ERROR", `${error.message}.`);
    else endWithCode("SCRIPT_ERROR", `The result cannot be written as JSON: ${describeError(error)}`);
  }
}

function errorText(code, message, at, id) {
  let text = `"code":"${code}","message":${stringify(cut(String(message), limits.maxLogChars))}`;
  if (at !== null) text += `,${placeText(at)}`;
  if (id !== null) text += `,"call":${id}`;
  return `"error":{${text}}`;
}

// How the script ended, as JSON text. `usedUp` tells that it has had all its memory.
function endText(usedUp) {
  if (aborted !== null) return errorText("WORKFLOW_ABORTED", aborted, null, null);
  if (endValue !== null) return `"value":${stringify(endValue)}`;
  // Where memory ran out while a promise was settled, nothing settles it any more.
  if (endCode === "SCRIPT_DEADLOCK" && usedUp) return errorText("SCRIPT_MEMORY", "", null, null);
  if (endCode !== null) return errorText(endCode, endMessage, null, null);
  // Where memory is too short even for an error, the engine throws null.
  if (isOutOfMemory(endError) || (endError === null && usedUp)) {
    return errorText("SCRIPT_MEMORY", "", positionOf(endError), null);
  }
  const origin = originOf(endError);
  if (origin !== undefined) return errorText(origin.code, describeMessage(endError), origin.at, origin.call);
  const at = positionOf(endError);
  const text = errorText("SCRIPT_ERROR", describeError(endError), at, null);
  return at === null ? `${text},"thrown":true` : text;
}

function pendingText() {
  let text = "";
  mapForEach(pending, (entry, id) => {
    if (!entry.dropped) text += `${text === "" ? "" : ","}[${id},${(entry.at ?? START_OF_FILE).line}]`;
  });
  return text;
}

const OPERATIONS = {
  __proto__: null,
  open(text) {
    const options = parse(text);
    for (const name of ownKeys(options.limits)) limits[name] = options.limits[name];
    for (const name of ownKeys(options)) program[name] = options[name];
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
    const answer = setPrototypeOf(answers[index], null);
    if (answer.spent !== undefined) spentTokens = answer.spent;
    settle(answer.id, answer.value, answer.code, answer.message);
  },
  fire() {
    if (ended || mapSize(pending) > 0) return false;
    if (fireTimer()) return true;
    endWithCode("SCRIPT_DEADLOCK", DEADLOCK);
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
    if (indexOf(message, "out of memory") >= 0 || indexOf(message, "null") === 0) endWithCode("SCRIPT_MEMORY", "");
  },
  collect(memory) {
    const usedUp = memory === "used up";
    if (usedUp && thrownNull && !endReported) {
      endWithError(null);
      endValue = endCode = endError = null;
    }
    const ending = ended && !endReported ? endText(usedUp) : "";
    let text = `{"events":[${join(events, ",")}],"pending":${mapSize(pending)}`;
    if (ending !== "") text += `,"outcome":{${ending},"pending":[${endPending}]}`;
    endReported = ended;
    events = list();
    answers = list();
    return join(setPrototypeOf([text, "}"], null), "");
  },
};

const DEADLOCK =
  "The script waits for something that can no longer happen: no call is under way, no timer is set, and what it " +
  "returns has not been settled. Look for a promise that nothing resolves.";

return (operation, argument) => OPERATIONS[operation](argument);
