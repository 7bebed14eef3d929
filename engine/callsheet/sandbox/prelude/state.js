// What one realm is doing, where in the user's file things happen, and the errors that the runtime throws.
const limits = { __proto__: null };
const program = { __proto__: null }; // what the engine said on opening
const pending = new Map(); // id -> { resolve, reject, group, at, dropped }
let events = list(); // JSON texts
let callCount = 0;
let logCount = 0;
let currentPhase = null;
let current = null; // the fan-out that code which runs now belongs to
let ended = false;
let aborted = null; // message, once the run was stopped
let spentTokens = 0;
let thrownNull = false; // whether a fan-out caught a null: the engine throws it where memory is too short for an error
let lastAnswered = null; // position of the call whose answer the script works on

const emit = (text) => {
  events[events.length] = text;
};

const rawStackOf = uncurry(getOwnPropertyDescriptor(Error.prototype, "stack").get);
apply(getOwnPropertyDescriptor(Error, "stackTraceLimit").set, Error, [24]);

const FRAME = "<input>:";

// Position of the innermost frame of a stack that is in the user's file.
function locate(stack) {
  if (typeof stack !== "string") return null;
  let from = 0;
  for (;;) {
    const at = indexOf(stack, FRAME, from);
    if (at < 0) return null;
    let index = at + FRAME.length;
    let line = 0;
    let column = 0;
    let code;
    while ((code = charCodeAt(stack, index)) >= 48 && code <= 57) {
      line = line * 10 + code - 48;
      index++;
    }
    index++;
    while ((code = charCodeAt(stack, index)) >= 48 && code <= 57) {
      column = column * 10 + code - 48;
      index++;
    }
    if (line > LINE_OFFSET) return { __proto__: null, line: line - LINE_OFFSET, column };
    from = index;
  }
}

// Where the script called the runtime. Where nothing of the script is on the stack, as for `pipeline(items, agent)`
// behind an await, only the fan-out's own position is known; null where there is none either.
const position = () => nearCall(locate(rawStackOf(new Error()))) ?? currentFanOut()?.position ?? null;
// The engine may point at an argument of the call.
const nearCall = (at) => at && { __proto__: null, line: at.line, column: at.column, near: "call" };

const origins = new WeakMap(); // error -> { code, call, at }
const misuses = new WeakMap(); // TypeError of the runtime -> at

class WorkflowError extends Error {
  constructor(code, message) {
    super(message);
    define(this, "code", code);
  }
}
define(WorkflowError.prototype, "name", "WorkflowError");

function workflowError(code, message, at = position(), call = null) {
  const error = new WorkflowError(code, message);
  weakSet(origins, error, { __proto__: null, code, call, at });
  return error;
}

function misuseError(message, at) {
  const error = new TypeError(message);
  weakSet(misuses, error, at);
  return error;
}

const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
const originOf = (error) => (isObject(error) ? weakGet(origins, error) : undefined);
// A string that is too long is larger than all memory that a script may have.
const isOutOfMemory = (error) => {
  try {
    if (!isObject(error) || getPrototypeOf(error) !== InternalErrorPrototype) return false;
    return error.message === "out of memory" || error.message === "string too long";
  } catch {
    return false;
  }
};
const InternalErrorPrototype = InternalError.prototype;

// Code of an error that rejects the fan-outs it happens in, undefined for any other.
function fatalCode(error) {
  if (isOutOfMemory(error)) return "SCRIPT_MEMORY"; // a null in a slot would hide it
  const code = originOf(error)?.code;
  return code !== undefined && includes(program.fatal, code) ? code : undefined;
}

// When a null is used, the engine may give the place of what it did before.
function isVague(error, innermost) {
  if (getPrototypeOf(error) !== TypeErrorPrototype || locate(innermost) === null) return false;
  const { message } = error;
  const isUse = indexOf(message, "cannot read property '") === 0 || indexOf(message, "cannot set property '") === 0;
  return isUse || message === NOT_AN_OBJECT || message === "value is not iterable";
}
const TypeErrorPrototype = TypeError.prototype;
const NOT_AN_OBJECT = "Cannot convert undefined or null to object";

function positionOf(error) {
  const origin = originOf(error);
  if (origin !== undefined) return origin.at;
  if (isObject(error) && weakHas(misuses, error)) return weakGet(misuses, error);
  try {
    const stack = rawStackOf(error);
    // An error class of the script is not where the error came from, but whoever made one.
    const own = typeof stack === "string" ? `    at ${error.constructor?.name} (` : "";
    const inside = own !== "" && slice(stack, 0, own.length) === own;
    const at = (inside ? locate(slice(stack, indexOf(stack, "\n"))) : null) ?? locate(stack);
    const innermost = slice(stack, 0, indexOf(stack, "\n"));
    if (!isVague(error, innermost)) return at;
    const isBefore = at === null || (lastAnswered !== null && at.line < lastAnswered.line);
    const { line, column } = isBefore ? lastAnswered : at;
    return { __proto__: null, line, column, near: "null" };
  } catch {
    return null;
  }
}

// Stack traces show the user's file as the user knows it, and nothing of the runtime.
function readableStack(error) {
  const origin = originOf(error);
  if (origin !== undefined) return origin.at === null ? "" : `    at ${program.fileName}:${origin.at.line}:${origin.at.column}\n`;
  const raw = rawStackOf(error);
  if (typeof raw !== "string") return raw;
  let text = "";
  let from = 0;
  while (from < raw.length) {
    let end = indexOf(raw, "\n", from);
    if (end < 0) end = raw.length;
    const line = slice(raw, from, end);
    const at = locate(line);
    if (at !== null) {
      text += `${slice(line, 0, indexOf(line, FRAME))}${program.fileName}:${at.line}:${at.column}`;
      text += charCodeAt(line, line.length - 1) === 41 ? ")\n" : "\n";
    }
    from = end + 1;
  }
  return text;
}
const { set: setStack } = getOwnPropertyDescriptor(Error.prototype, "stack");
defineProperty(Error.prototype, "stack", {
  __proto__: null,
  get() {
    return readableStack(this);
  },
  set(value) {
    apply(setStack, this, [value]);
  },
  enumerable: false,
  configurable: true,
});
define(Error, "captureStackTrace", function captureStackTrace(target) {
  define(target, "stack", readableStack(new Error()));
});
defineFixed(Error, "prepareStackTrace", undefined);
// A setter, so that a script which sets it as it would elsewhere goes on.
defineProperty(Error, "stackTraceLimit", {
  __proto__: null,
  get: () => 24,
  set() {},
  enumerable: false,
  configurable: false,
});
