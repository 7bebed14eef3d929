// What a replay could not repeat is not there: using it throws DETERMINISM, whatever the route to it (language, D8).

function forbidden(entry) {
  throw workflowError("DETERMINISM", entry.message, locate(rawStackOf(new Error())));
}

// Where a dotted path ends; what is missing on the way is made, so that using it says why it is not there.
function holderOf(path) {
  let holder = globalThis;
  let from = 0;
  for (let dot = indexOf(path, ".", from); dot >= 0; dot = indexOf(path, ".", from)) {
    const name = slice(path, from, dot);
    if (!hasOwn(holder, name)) define(holder, name, {});
    holder = holder[name];
    from = dot + 1;
  }
  return { __proto__: null, holder, name: slice(path, from) };
}

const TRAPS = ownKeys(Reflect);

// Each way in which a name can be forbidden.
const FORMS = {
  __proto__: null,
  call({ holder, name }, entry) {
    const guard = { [name]: () => forbidden(entry) }[name];
    define(holder, name, guard);
  },
  use({ holder, name }, entry) {
    const refuse = () => forbidden(entry);
    if (holder !== globalThis) {
      defineProperty(holder, name, { __proto__: null, get: refuse, set: refuse, enumerable: false, configurable: true });
      return;
    }
    // Naming it is harmless (`typeof WeakRef`), everything else is refused.
    const handler = { __proto__: null };
    for (let index = 0; index < TRAPS.length; index++) {
      if (typeof TRAPS[index] === "string") handler[TRAPS[index]] = refuse;
    }
    define(holder, name, new Proxy(function () {}, handler));
  },
};

// The script's Date: values only. A plain function, because a subclass would hand out the original as its prototype.
function guardDate(asCall, asConstructor) {
  const Original = Date;
  const { prototype } = Original;
  function Guarded(...values) {
    if (new.target === undefined) forbidden(asCall);
    if (values.length === 0) forbidden(asConstructor);
    return construct(Original, values, new.target);
  }
  for (const name of ["UTC", "parse"]) define(Guarded, name, Original[name]);
  defineProperty(Guarded, "prototype", { __proto__: null, value: prototype, writable: false });
  defineProperty(Guarded, "name", { __proto__: null, value: "Date" });
  defineProperty(Guarded, "length", { __proto__: null, value: 7 });
  define(prototype, "constructor", Guarded);
  define(globalThis, "Date", Guarded);
}

function guardDeterminism(entries) {
  // The engine's own objects for these hold the clock; the script gets fresh ones with nothing but refusals.
  define(globalThis, "performance", {});
  define(globalThis, "crypto", {});
  const date = { __proto__: null };
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry.path === "Date") date[entry.form] = entry;
  }
  guardDate(date.call, date["construct-without-arguments"]);
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index];
    if (entry.path !== "Date") FORMS[entry.form](holderOf(entry.path), entry);
  }
}
