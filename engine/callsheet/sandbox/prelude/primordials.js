// The built-ins that the runtime works with, taken before any script can change them. The first names hide the global
// ones from everything below.
const {
  Array, ArrayBuffer, BigInt, Boolean, DataView, Date, DOMException, Error, EvalError, Function, InternalError, JSON,
  Map, Math, Number, Object, Promise, Proxy, RangeError, ReferenceError, Reflect, RegExp, Set, String, Symbol,
  SyntaxError, TypeError, Uint8Array, URIError, WeakMap,
} = globalThis;
const { apply, construct, defineProperty, getOwnPropertyDescriptor, ownKeys, getPrototypeOf } = Reflect;
const uncurry = (method) => Function.prototype.call.bind(method);
const { isArray } = Array;
const { freeze, setPrototypeOf } = Object;
const { stringify, parse } = JSON;
const { min, max, floor } = Math;
const enqueue = queueMicrotask;
const ArrayPrototype = Array.prototype;
const indexOf = uncurry(String.prototype.indexOf);
const charCodeAt = uncurry(String.prototype.charCodeAt);
const slice = uncurry(String.prototype.slice);
const trim = uncurry(String.prototype.trim);
const toWellFormed = uncurry(String.prototype.toWellFormed);
const join = uncurry(Array.prototype.join);
const includes = uncurry(Array.prototype.includes);
const hasOwn = Object.hasOwn;
const mapGet = uncurry(Map.prototype.get);
const mapSet = uncurry(Map.prototype.set);
const mapHas = uncurry(Map.prototype.has);
const mapDelete = uncurry(Map.prototype.delete);
const mapClear = uncurry(Map.prototype.clear);
const mapForEach = uncurry(Map.prototype.forEach);
const mapSize = uncurry(getOwnPropertyDescriptor(Map.prototype, "size").get);
const weakGet = uncurry(WeakMap.prototype.get);
const weakSet = uncurry(WeakMap.prototype.set);
const weakHas = uncurry(WeakMap.prototype.has);

// An array that no setter on a prototype can see being filled.
const list = () => setPrototypeOf([], null);
// The same array for the script.
const asArray = (items) => setPrototypeOf(items, ArrayPrototype);

const define = (target, name, value) =>
  defineProperty(target, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
const defineFixed = (target, name, value) =>
  defineProperty(target, name, { __proto__: null, value, writable: false, enumerable: false, configurable: false });

// What the engine itself looks up, for the runtime's code too: `concat` to make template literals, `constructor` to
// await a promise.
defineFixed(String.prototype, "concat", String.prototype.concat);
defineFixed(Promise.prototype, "constructor", Promise);
