// structuredClone, for what a script can make.
const DataCloneError = (what) => new DOMException(`${what} could not be cloned.`, "DataCloneError");
const tagOf = uncurry(Object.prototype.toString);
const isView = ArrayBuffer.isView;
const ERROR_TYPES = { __proto__: null, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

const brandCheck = (type, getter) => {
  const read = uncurry(getOwnPropertyDescriptor(type.prototype, getter).get);
  return (value) => {
    try {
      read(value);
      return true;
    } catch {
      return false;
    }
  };
};
const isMap = brandCheck(Map, "size");
const isSet = brandCheck(Set, "size");
const isBuffer = brandCheck(ArrayBuffer, "byteLength");
const isDataView = brandCheck(DataView, "byteLength");
const isRegExp = (value) => {
  try {
    regExpSource(value);
    return value !== RegExpPrototype;
  } catch {
    return false;
  }
};
const RegExpPrototype = RegExp.prototype;
const regExpSource = uncurry(getOwnPropertyDescriptor(RegExpPrototype, "source").get);
const regExpFlags = uncurry(getOwnPropertyDescriptor(RegExpPrototype, "flags").get);
const dateValue = uncurry(Date.prototype.getTime);
const setAdd = uncurry(Set.prototype.add);
const setForEach = uncurry(Set.prototype.forEach);
const bufferSlice = uncurry(ArrayBuffer.prototype.slice);
const isDate = (value) => {
  try {
    dateValue(value);
    return true;
  } catch {
    return false;
  }
};
const unboxers = [
  [Boolean, uncurry(Boolean.prototype.valueOf)],
  [Number, uncurry(Number.prototype.valueOf)],
  [String, uncurry(String.prototype.valueOf)],
  [BigInt, uncurry(BigInt.prototype.valueOf)],
];

function unbox(value) {
  for (let index = 0; index < unboxers.length; index++) {
    try {
      return { __proto__: null, value: unboxers[index][1](value) };
    } catch {}
  }
  return undefined;
}

function cloneView(value, seen) {
  const buffer = cloneValue(value.buffer, seen);
  const type = isDataView(value) ? DataView : getPrototypeOf(value).constructor;
  return new type(buffer, value.byteOffset, isDataView(value) ? value.byteLength : value.length);
}

function cloneError(value) {
  const type = ERROR_TYPES[value.name] ?? ERROR_TYPES.Error;
  const copy = new type(`${value.message}`);
  if (typeof value.stack === "string") define(copy, "stack", value.stack);
  return copy;
}

function cloneEntries(value, copy, seen) {
  const keys = Object.keys(value);
  for (let index = 0; index < keys.length; index++) {
    const item = cloneValue(value[keys[index]], seen);
    defineProperty(copy, keys[index], { __proto__: null, value: item, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}

function cloneValue(value, seen) {
  if (typeof value === "symbol") throw DataCloneError("A symbol");
  if (typeof value === "function") throw DataCloneError(`The function ${value.name || "(anonymous)"}`);
  if (!isObject(value)) return value;
  if (mapHas(seen, value)) return mapGet(seen, value);
  const keep = (copy) => {
    mapSet(seen, value, copy);
    return copy;
  };
  if (isArray(value)) {
    const copy = keep([]);
    copy.length = value.length;
    return cloneEntries(value, copy, seen);
  }
  if (isDate(value)) return keep(new Date(dateValue(value)));
  if (isRegExp(value)) return keep(new RegExp(regExpSource(value), regExpFlags(value)));
  if (isMap(value)) {
    const copy = keep(new Map());
    const pairs = list();
    mapForEach(value, (item, key) => {
      pairs[pairs.length] = { __proto__: null, key, item };
    });
    for (let index = 0; index < pairs.length; index++) {
      mapSet(copy, cloneValue(pairs[index].key, seen), cloneValue(pairs[index].item, seen));
    }
    return copy;
  }
  if (isSet(value)) {
    const copy = keep(new Set());
    const items = list();
    setForEach(value, (item) => {
      items[items.length] = item;
    });
    for (let index = 0; index < items.length; index++) setAdd(copy, cloneValue(items[index], seen));
    return copy;
  }
  if (isBuffer(value)) return keep(bufferSlice(value, 0));
  if (isView(value)) return keep(cloneView(value, seen));
  if (isError(value)) return keep(cloneError(value));
  const boxed = unbox(value);
  if (boxed !== undefined) return keep(Object(boxed.value));
  const tag = tagOf(value);
  if (value instanceof Promise) throw DataCloneError("A promise");
  if (tag === "[object WeakMap]" || tag === "[object WeakSet]") throw DataCloneError(`A ${slice(tag, 8, -1)}`);
  return cloneEntries(value, keep({}), seen);
}

function structuredClone(value) {
  if (arguments.length === 0) throw new TypeError("structuredClone() takes a value.");
  return cloneValue(value, new Map());
}
