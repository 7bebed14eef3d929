// setTimeout in virtual time: a timer never waits for the clock.
const timers = new Map(); // id -> { id, due, callback, args, group }
const queue = list(); // binary heap of timers, the one that is due first on top; cleared ones stay until they get there
let timerCount = 0;
let virtualTime = 0;

const isBefore = (one, other) => one.due < other.due || (one.due === other.due && one.id < other.id);

function pushTimer(timer) {
  let place = queue.length;
  queue[place] = timer;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isBefore(timer, queue[parent])) break;
    queue[place] = queue[parent];
    place = parent;
  }
  queue[place] = timer;
}

function popTimer() {
  const top = queue[0];
  const last = queue[queue.length - 1];
  queue.length--;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= queue.length) break;
    if (child + 1 < queue.length && isBefore(queue[child + 1], queue[child])) child++;
    if (!isBefore(queue[child], last)) break;
    queue[place] = queue[child];
    place = child;
  }
  if (queue.length > 0) queue[place] = last;
  return top;
}

function setTimeout(callback, delay, ...args) {
  if (typeof callback !== "function") throw new TypeError("setTimeout() takes a function first.");
  const id = ++timerCount;
  if (ended) return id;
  const wait = max(0, floor(Number(delay)) || 0);
  const timer = { __proto__: null, id, due: virtualTime + wait, callback, args, group: currentFanOut() };
  mapSet(timers, id, timer);
  pushTimer(timer);
  return id;
}

function clearTimeout(id) {
  mapDelete(timers, id);
}

// Fires the timer that is due first; of two, the older one. False when there is none.
function fireTimer() {
  while (queue.length > 0) {
    const timer = popTimer();
    if (!mapDelete(timers, timer.id)) continue;
    virtualTime = timer.due;
    current = timer.group;
    guarded(() => apply(timer.callback, undefined, timer.args));
    return true;
  }
  return false;
}

// Nobody can catch what a timer or a microtask throws, so it ends the script.
function guarded(body) {
  try {
    body();
  } catch (error) {
    endWithError(error);
  }
}
