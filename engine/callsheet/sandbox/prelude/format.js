// Values as text: log lines, JSON that crosses to the engine, and what a thrown value says.
function describeError(error, isReason = false) {
  try {
    if (isOutOfMemory(error)) return "out of memory";
    if (isObject(error) && typeof error !== "function" && ("message" in error || "name" in error)) {
      const name = error.name === undefined ? "Error" : `${error.name}`;
      const message = error.message === undefined ? "" : `${error.message}` || (isReason ? "" : reasonsOf(error));
      const text = name && message ? `${name}: ${message}` : name || message;
      if (name === "ReferenceError") return `${text}${alternativeTo(message)}`;
      return name === "TypeError" ? `${text}${reminderOf(message)}` : text;
    }
    return formatValue(error);
  } catch {
    return "a value that cannot be shown";
  }
}

// What Promise.any() throws says nothing by itself.
function reasonsOf(error) {
  if (!isArray(error.errors)) return "";
  const reasons = list();
  for (let index = 0; index < min(error.errors.length, 3); index++) reasons[index] = describeError(error.errors[index], true);
  return join(reasons, "; ");
}

// Most nulls of a script are results of agents that failed.
function reminderOf(message) {
  const isNull = message === NOT_AN_OBJECT || indexOf(message, " of null") >= 0;
  return isNull ? ". The result of an agent that failed is null: check for it" : "";
}

// The message alone, for errors of the runtime, whose name says nothing more.
function describeMessage(error) {
  try {
    return `${error.message}`;
  } catch {
    return describeError(error);
  }
}

// What to use in place of a global that is not there, as the engine's message names it.
function alternativeTo(message) {
  const end = indexOf(message, " is not defined");
  if (end < 0 || end + 15 !== message.length) return "";
  const name = message[0] === "'" ? slice(message, 1, end - 1) : slice(message, 0, end);
  const advice = program.missing[name];
  return advice === undefined ? "" : `. ${advice}`;
}

function formatValue(value) {
  switch (typeof value) {
    case "string":
      return value;
    case "undefined":
      return "undefined";
    case "bigint":
    case "symbol":
      return String(value);
    case "function":
      return `[function ${value.name || "anonymous"}]`;
  }
  if (value === null) return "null";
  if (isError(value)) return describeError(value);
  try {
    return stringify(value) ?? "undefined";
  } catch {
    return formatCyclic(value);
  }
}
const { isError } = Error;

function formatCyclic(value) {
  const path = list();
  function replacer(key, item) {
    if (typeof item === "bigint") return `${item}`;
    if (!isObject(item)) return item;
    while (path.length > 0 && path[path.length - 1] !== this) path.length--;
    for (let index = 0; index < path.length; index++) if (path[index] === item) return "[Circular]";
    path[path.length] = item;
    return item;
  }
  try {
    return stringify(value, replacer) ?? "undefined";
  } catch (error) {
    return `[${describeError(error)}]`;
  }
}

function cut(text, length) {
  if (text.length <= length) return text;
  const last = charCodeAt(text, length - 2);
  const isHalf = last >= 0xd800 && last < 0xdc00;
  return `${slice(text, 0, isHalf ? length - 2 : length - 1)}…`;
}

class Unreadable {
  constructor(message) {
    this.message = message;
  }
}

// A replacer for JSON.stringify that refuses what is nested too deep to be read, and what `check` throws at.
function readable(what, check) {
  const path = list();
  return function replacer(key, item) {
    check?.(key, item);
    if (!isObject(item)) return item;
    while (path.length > 0 && path[path.length - 1] !== this) path.length--;
    if (path.length >= limits.maxDepth) throw new Unreadable(`${what} cannot be written as JSON: it is nested more than ${limits.maxDepth} levels deep`);
    path[path.length] = item;
    return item;
  };
}

// JSON text of a value that the engine is to read. Throws Unreadable where JSON would quietly lose something.
function toJSONText(value, what) {
  if (typeof value === "string") return stringify(value);
  function check(key, item) {
    const type = typeof item;
    // As args of a workflow it becomes null, as in a result; as an option it would mean something else.
    const isLost = type === "function" || type === "symbol" || type === "bigint" || (item !== item && what !== "args");
    if (!isLost) return;
    const where = key === "" ? what : `"${key}" in ${what}`;
    throw new Unreadable(`${where} is ${type === "number" ? "NaN" : `a ${type}`}; only JSON values can be passed on`);
  }
  try {
    return stringify(value, readable(what, check)) ?? "null";
  } catch (error) {
    if (error instanceof Unreadable || isOutOfMemory(error)) throw error;
    throw new Unreadable(`${what} cannot be written as JSON: ${describeError(error)}`);
  }
}
