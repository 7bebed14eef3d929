// parallel() and pipeline(), and which of them a call belongs to.

// The innermost fan-out under way.
function currentFanOut() {
  let group = current;
  while (group !== null && group.settled) group = group.parent;
  return group;
}

function inFanOut(group, body) {
  const before = current;
  current = group;
  try {
    return body();
  } finally {
    current = before;
  }
}

const BRACKETS = 16;

// Runs `start`, which calls the fan-out's functions, so that microtasks they leave behind run in the fan-out too:
// everything that was put in the queue between two brackets comes out between them, round after round.
function bracketed(group, start) {
  let round = 0;
  let again = false;
  let before = null;
  function enter() {
    before = current;
    current = group;
    again = ++round < BRACKETS && !group.settled;
    if (again) enqueue(enter);
  }
  function exit() {
    current = before;
    if (again) enqueue(exit);
  }
  enqueue(enter);
  start();
  enqueue(exit);
}

function isInside(group, outer) {
  while (group !== null && group !== outer) group = group.parent;
  return group === outer;
}

function dropPending(group, code) {
  let ids = "";
  mapForEach(pending, (entry, id) => {
    if (entry.dropped || !isInside(entry.group, group)) return;
    entry.dropped = true;
    ids += ids === "" ? id : `,${id}`;
  });
  if (ids !== "") emit(`{"k":"drop","ids":[${ids}],"code":"${code}"}`);
}

const WRAP = "wrap the call in a function, () => agent(…), so that it starts in its turn";
const AWAIT = "await it first";

function kindOf(value, advice) {
  if (value instanceof Promise) return `a promise: ${advice}`;
  return value === null ? "null" : isArray(value) ? "an array" : typeof value;
}

// Why `functions` is no list of functions, undefined when it is one.
function notFunctions(functions, name, what, at) {
  for (let index = 0; index < functions.length; index++) {
    if (typeof functions[index] !== "function") {
      return misuseError(`${name}() takes functions, but ${what} ${index} is ${kindOf(functions[index], WRAP)}.`, at);
    }
  }
  return undefined;
}

function overLimit(count, name, at) {
  if (count <= limits.maxItems) return undefined;
  const message = `${name}() was given ${count} items; at most ${limits.maxItems} are allowed. Work through them in batches.`;
  return workflowError("FAN_OUT_LIMIT_EXCEEDED", message, at);
}

// Throws where fewer calls than `depth` have room on the stack.
const assureRoom = (depth) => depth === 0 || assureRoom(depth - 1);

// Runs `work(index, group)` for each of `count` slots; resolves to their values in order.
function fanOut(name, count, at, work) {
  const group = { __proto__: null, parent: currentFanOut(), settled: false, position: at };
  const results = list();
  for (let index = 0; index < count; index++) results[index] = null;
  let left = count;
  return new Promise((resolve, reject) => {
    async function slot(index) {
      try {
        results[index] = await work(index, group);
      } catch (error) {
        try {
          assureRoom(64);
        } catch {
          await null; // The stack was used up; behind this it is empty.
        }
        if (error === null) thrownNull = true;
        const code = fatalCode(error);
        if (code !== undefined) {
          if (group.settled) return;
          group.settled = true;
          dropPending(group, code);
          reject(error);
          return;
        }
        if (!group.settled) {
          const where = positionOf(error);
          logLine(`${name}() item ${index} became null: ${describeError(error)}`, "warning", where ?? at);
        }
      }
      if (--left === 0) finish();
    }
    function finish() {
      if (group.settled) return;
      group.settled = true;
      resolve(asArray(results));
    }
    if (count === 0) finish();
    else {
      bracketed(group, () => {
        for (let index = 0; index < count; index++) slot(index);
      });
    }
  });
}

function runParallel(thunks, at) {
  if (!isArray(thunks)) return fail(misuseError(`parallel() takes an array of functions, not ${kindOf(thunks, AWAIT)}.`, at));
  const wrong = overLimit(thunks.length, "parallel", at) ?? notFunctions(thunks, "parallel", "item", at);
  if (wrong !== undefined) return fail(wrong);
  const functions = list();
  for (let index = 0; index < thunks.length; index++) functions[index] = thunks[index];
  return fanOut("parallel", functions.length, at, (index, group) => inFanOut(group, () => functions[index]()));
}

function runPipeline(source, stages, at) {
  if (!isArray(source)) return fail(misuseError(`pipeline() takes an array of items first, not ${kindOf(source, AWAIT)}.`, at));
  const wrong = overLimit(source.length, "pipeline", at) ?? notFunctions(stages, "pipeline", "stage", at);
  if (wrong !== undefined) return fail(wrong);
  const items = list();
  for (let index = 0; index < source.length; index++) items[index] = source[index];
  return fanOut("pipeline", items.length, at, async (index, group) => {
    let value = items[index];
    for (let stage = 0; stage < stages.length; stage++) {
      const run = stages[stage];
      const previous = value;
      value = await inFanOut(group, () => run(previous, items[index], index));
      if (group.settled) return null;
    }
    return value;
  });
}
