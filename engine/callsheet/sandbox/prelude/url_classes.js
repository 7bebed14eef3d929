// The classes around the URL parser.
let attachParams;
const noCredentials = (url) => url.host === null || url.host === "" || url.scheme === "file:";

class URL {
  #url;
  #params;
  static {
    attachParams = (value, query) => {
      value.#url.query = query === "" ? null : query;
    };
  }
  constructor(input, base) {
    let parsedBase = null;
    if (base !== undefined) {
      parsedBase = parseURL(`${base}`, null);
      if (parsedBase === null) throw new TypeError(`Invalid base URL: ${base}`);
    }
    const url = parseURL(`${input}`, parsedBase);
    if (url === null) throw new TypeError(`Invalid URL: ${input}`);
    this.#url = url;
    this.#params = new URLSearchParams(url.query ?? "");
    bindParams(this.#params, this);
  }
  static parse(input, base) {
    try {
      return new URL(input, base);
    } catch {
      return null;
    }
  }
  static canParse(input, base) {
    return URL.parse(input, base) !== null;
  }
  get href() {
    return serializeURL(this.#url);
  }
  set href(value) {
    const url = parseURL(`${value}`, null);
    if (url === null) throw new TypeError(`Invalid URL: ${value}`);
    this.#url = url;
    refillParams(this.#params, url.query ?? "");
  }
  get origin() {
    const { scheme } = this.#url;
    if (scheme === "blob:") {
      const inner = parseURL(pathText(this.#url), null);
      return inner !== null && (inner.scheme === "http:" || inner.scheme === "https:") ? `${inner.scheme}//${hostText(inner)}` : "null";
    }
    return isSpecial(this.#url) && scheme !== "file:" ? `${scheme}//${hostText(this.#url)}` : "null";
  }
  get protocol() {
    return this.#url.scheme;
  }
  set protocol(value) {
    const url = this.#url;
    const text = split(`${value}`, ":")[0];
    const next = parseURL(`${text}://x`, null)?.scheme;
    if (next === undefined || next !== `${toLower(text)}:`) return;
    if (next in SPECIAL !== isSpecial(url)) return;
    if (next === "file:" && (url.username !== "" || url.password !== "" || url.port !== "")) return;
    if (url.scheme === "file:" && url.host === "") return;
    url.scheme = next;
    if (url.port === SPECIAL[next]) url.port = "";
  }
  get username() {
    return this.#url.username;
  }
  set username(value) {
    if (!noCredentials(this.#url)) this.#url.username = percentEncode(`${value}`, inUserinfoSet);
  }
  get password() {
    return this.#url.password;
  }
  set password(value) {
    if (!noCredentials(this.#url)) this.#url.password = percentEncode(`${value}`, inUserinfoSet);
  }
  get host() {
    return hostText(this.#url);
  }
  set host(value) {
    this.#setHost(`${value}`, true);
  }
  get hostname() {
    return this.#url.host ?? "";
  }
  set hostname(value) {
    this.#setHost(`${value}`, false);
  }
  #setHost(value, withPort) {
    const url = this.#url;
    if (typeof url.path === "string") return;
    const input = stripped(toWellFormed(value), true);
    const stops = isSpecial(url) ? "/\\?#" : "/?#";
    let end = 0;
    while (end < input.length && indexOf(stops, input[end]) < 0) end++;
    const authority = slice(input, 0, end);
    const colon = portColon(authority);
    if (colon >= 0 && (!withPort || colon === 0)) return;
    const text = colon < 0 ? authority : slice(authority, 0, colon);
    if (text === "" && ((isSpecial(url) && url.scheme !== "file:") || url.username !== "" || url.port !== "")) return;
    const host = text === "" ? "" : parseHost(text, isSpecial(url));
    if (host === null) return;
    url.host = url.scheme === "file:" && host === "localhost" ? "" : host;
    if (colon >= 0) this.port = slice(authority, colon + 1);
  }
  get port() {
    return this.#url.port;
  }
  set port(value) {
    const url = this.#url;
    if (noCredentials(url)) return;
    const input = stripped(`${value}`, true);
    if (input === "") {
      url.port = "";
      return;
    }
    let end = 0;
    while (end < input.length && isDigits(input[end])) end++;
    if (end > 0) setPort(slice(input, 0, end), url);
  }
  get pathname() {
    return pathText(this.#url);
  }
  set pathname(value) {
    const url = this.#url;
    if (typeof url.path === "string") return;
    const input = stripped(toWellFormed(`${value}`), true);
    url.path = list();
    parsePath(input, 0, url, true);
  }
  get search() {
    return this.#url.query ? `?${this.#url.query}` : "";
  }
  set search(value) {
    const url = this.#url;
    const input = stripped(toWellFormed(`${value}`), true);
    const text = input[0] === "?" ? slice(input, 1) : input;
    url.query = input === "" ? null : percentEncode(text, isSpecial(url) ? inSpecialQuerySet : inQuerySet);
    refillParams(this.#params, url.query ?? "");
  }
  get searchParams() {
    return this.#params;
  }
  get hash() {
    return this.#url.fragment ? `#${this.#url.fragment}` : "";
  }
  set hash(value) {
    const input = stripped(toWellFormed(`${value}`), true);
    const text = input[0] === "#" ? slice(input, 1) : input;
    this.#url.fragment = input === "" ? null : percentEncode(text, inFragmentSet);
  }
  toString() {
    return this.href;
  }
  toJSON() {
    return this.href;
  }
}

// application/x-www-form-urlencoded
const isFormSafe = (code) => isAlpha(code) || (code >= 48 && code <= 57) || indexOf("*-._", fromCharCode(code)) >= 0;
function formEncode(text) {
  let encoded = "";
  const bytes = utf8Bytes(text);
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    encoded += byte === 32 ? "+" : isFormSafe(byte) ? fromCharCode(byte) : percentByte(byte);
  }
  return encoded;
}
const formDecode = (text) => percentDecode(replaceAll(text, "+", " "));

let bindParams;
let refillParams;

class URLSearchParams {
  #pairs = [];
  #owner = null;
  static {
    bindParams = (params, owner) => {
      params.#owner = owner;
    };
    refillParams = (params, query) => {
      params.#pairs = parseForm(query);
    };
  }
  constructor(init = "") {
    if (!isObject(init)) {
      const text = `${init}`;
      this.#pairs = parseForm(text[0] === "?" ? slice(text, 1) : text);
    } else if (init[Symbol.iterator] !== undefined) {
      for (const pair of init) {
        const [name, value, ...rest] = pair;
        if (value === undefined || rest.length > 0) throw new TypeError("Each query pair must be a name and a value.");
        this.#add(name, value);
      }
    } else for (const name of Object.keys(init)) this.#add(name, init[name]);
  }
  #add(name, value) {
    this.#pairs.push([toWellFormed(`${name}`), toWellFormed(`${value}`)]);
  }
  #changed() {
    if (this.#owner !== null) attachParams(this.#owner, this.toString());
  }
  get size() {
    return this.#pairs.length;
  }
  append(name, value) {
    this.#add(name, value);
    this.#changed();
  }
  delete(name, value) {
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== `${name}` || (value !== undefined && pair[1] !== `${value}`));
    this.#changed();
  }
  get(name) {
    return this.#pairs.find((pair) => pair[0] === `${name}`)?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter((pair) => pair[0] === `${name}`).map((pair) => pair[1]);
  }
  has(name, value) {
    return this.#pairs.some((pair) => pair[0] === `${name}` && (value === undefined || pair[1] === `${value}`));
  }
  set(name, value) {
    const first = this.#pairs.findIndex((pair) => pair[0] === `${name}`);
    if (first < 0) this.#add(name, value);
    else {
      this.#pairs[first][1] = toWellFormed(`${value}`);
      this.#pairs = this.#pairs.filter((pair, index) => index <= first || pair[0] !== `${name}`);
    }
    this.#changed();
  }
  sort() {
    this.#pairs.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1 : 0));
    this.#changed();
  }
  forEach(callback, self) {
    for (const [name, value] of this.#pairs) apply(callback, self, [value, name, this]);
  }
  *entries() {
    for (let index = 0; index < this.#pairs.length; index++) yield [this.#pairs[index][0], this.#pairs[index][1]];
  }
  *keys() {
    for (const [name] of this.entries()) yield name;
  }
  *values() {
    for (const [, value] of this.entries()) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join("&");
  }
}

function parseForm(query) {
  const pairs = [];
  for (const part of split(query, "&")) {
    if (part === "") continue;
    const equals = indexOf(part, "=");
    const name = equals < 0 ? part : slice(part, 0, equals);
    pairs.push([formDecode(name), equals < 0 ? "" : formDecode(slice(part, equals + 1))]);
  }
  return pairs;
}

for (const type of [URL, URLSearchParams, TextEncoder, TextDecoder]) {
  define(type.prototype, Symbol.toStringTag, type.name);
}
