// setTimeout in virtual time: a timer never waits for the clock.
const timers = new Map(); // id -> { due, callback, args, group }
let timerCount = 0;
let virtualTime = 0;

function setTimeout(callback, delay, ...args) {
  if (typeof callback !== "function") throw new TypeError("setTimeout() takes a function first.");
  const id = ++timerCount;
  const wait = max(0, floor(NativeNumber(delay)) || 0);
  if (!ended) mapSet(timers, id, { __proto__: null, due: virtualTime + wait, callback, args, group: currentFanOut() });
  return id;
}

function clearTimeout(id) {
  mapDelete(timers, id);
}

// Fires the timer that is due first. False when there is none.
function fireTimer() {
  let first = 0;
  let due = Infinity;
  // A Map goes through its keys in the order in which they were set, so the older one wins.
  mapForEach(timers, (timer, id) => {
    if (first === 0 || timer.due < due) {
      first = id;
      due = timer.due;
    }
  });
  if (first === 0) return false;
  const timer = mapGet(timers, first);
  mapDelete(timers, first);
  virtualTime = due;
  current = timer.group;
  guarded(() => apply(timer.callback, undefined, timer.args));
  return true;
}

// Nobody can catch what a timer or a microtask throws, so it ends the script.
function guarded(body) {
  try {
    body();
  } catch (error) {
    endWithError(error);
  }
}
