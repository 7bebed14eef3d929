// Calls: what the script asks of the engine, and the answers.
const fail = (error) => new Promise((resolve, reject) => reject(error));

const START_OF_FILE = { __proto__: null, line: 1, column: 1 };

function call(kind, payload, at, fault) {
  if (aborted !== null) return fail(workflowError("WORKFLOW_ABORTED", aborted, at));
  if (callCount >= limits.maxCalls) {
    // Thrown, not rejected: a loop that never waits would not see it.
    throw workflowError("AGENT_LIMIT_EXCEEDED", `The script made more than ${limits.maxCalls} calls.`, at);
  }
  const id = ++callCount;
  const { line, column } = at ?? START_OF_FILE;
  let text = `{"k":"call","id":${id},"kind":"${kind}","payload":${payload},"line":${line},"column":${column}`;
  if (currentPhase !== null) text += `,"phase":${stringify(currentPhase)}`;
  if (fault !== undefined) text += `,"fault":${stringify(fault)}`;
  emit(`${text}}`);
  return new Promise((resolve, reject) => {
    mapSet(pending, id, {
      __proto__: null,
      resolve,
      reject,
      group: currentFanOut(),
      at,
      dropped: false,
    });
  });
}

// The payload's fields as JSON text, or what is wrong with them.
function request(kind, fields, at) {
  let text = "";
  for (let index = 0; index < fields.length; index += 2) {
    const value = fields[index + 1];
    if (value === undefined) continue;
    try {
      text += `${text === "" ? "" : ","}"${fields[index]}":${toJSONText(value, fields[index])}`;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return call(kind, "{}", at, `${kind}(): ${error.message}.`);
    }
  }
  return call(kind, `{${text}}`, at);
}

function callAgent(prompt, options, at) {
  return request("agent", ["prompt", prompt, "options", options], at);
}

function callWorkflow(target, args, at) {
  const named = typeof target === "string" && trim(target) !== "";
  const scriptPath = !named && isObject(target) ? target.scriptPath : undefined;
  if (!named && typeof scriptPath !== "string") {
    return call("workflow", "{}", at, "workflow() takes a name or { scriptPath: string } first.");
  }
  const wanted = named ? target : { __proto__: null, scriptPath };
  return request("workflow", ["target", wanted, "args", args], at);
}

function checkpointFault(question, kind, choices, timeoutMs) {
  if (typeof question !== "string" || trim(question) === "") return "the question is no text";
  if (!includes(program.checkpointKinds, kind)) return `kind is one of ${join(program.checkpointKinds, ", ")}`;
  if (kind === "select" && !(isArray(choices) && choices.length > 0)) return "select needs choices, a list of strings";
  if (choices !== undefined) {
    if (!isArray(choices)) return "choices is a list of strings";
    for (let index = 0; index < choices.length; index++) {
      if (typeof choices[index] !== "string") return "choices is a list of strings";
    }
  }
  if (timeoutMs !== undefined && timeoutMs !== null && !(typeof timeoutMs === "number" && timeoutMs > 0)) {
    return "timeoutMs is a number over 0";
  }
  return undefined;
}

// A list as it is now: what the script gives may be a proxy, which shows another one every time.
function snapshot(items) {
  const copy = list();
  for (let index = 0; index < items.length; index++) copy[index] = items[index];
  return copy;
}

function callCheckpoint(question, options, at) {
  const { kind = "confirm", choices: given, default: fallback, timeoutMs } = options ?? {};
  const choices = isArray(given) ? snapshot(given) : given;
  const fault = checkpointFault(question, kind, choices, timeoutMs);
  if (fault !== undefined) return call("checkpoint", "{}", at, `checkpoint(): ${fault}.`);
  const limit = timeoutMs === null || timeoutMs === Infinity ? undefined : timeoutMs;
  const fields = ["kind", kind, "question", question, "choices", choices, "default", fallback, "timeoutMs", limit];
  return request("checkpoint", fields, at);
}

function settle(id, valueText, code, message) {
  const entry = mapGet(pending, id);
  if (entry === undefined) return;
  mapDelete(pending, id);
  current = entry.group;
  lastAnswered = entry.at;
  if (code === undefined) entry.resolve(parse(valueText));
  else entry.reject(workflowError(code, message, entry.at, id));
}

function logLine(text, level, at) {
  if (logCount > limits.maxLogs) return;
  if (logCount++ === limits.maxLogs) {
    emit(`{"k":"log","text":"More than ${limits.maxLogs} log lines; the rest is left out.","level":"warning"}`);
    return;
  }
  let event = `{"k":"log","text":${stringify(cut(text, limits.maxLogChars))},"level":"${level}"`;
  if (at !== null) event += `,${placeText(at)}`;
  emit(`${event}}`);
}

const placeText = (at) => `"line":${at.line},"column":${at.column}${at.near === undefined ? "" : `,"near":"${at.near}"`}`;
