// URL and URLSearchParams, as the URL Standard has them; its basic URL parser is the state machine below.
const SPECIAL = { __proto__: null, "http:": "80", "https:": "443", "ws:": "80", "wss:": "443", "ftp:": "21", "file:": "" };
const isSpecial = (url) => url.scheme in SPECIAL;
const isAlpha = (code) => (code | 32) >= 97 && (code | 32) <= 122;
const isDriveLetter = (text) => text.length === 2 && isAlpha(charCodeAt(text, 0)) && (text[1] === ":" || text[1] === "|");
const startsWithDrive = (text, at) => {
  if (!isDriveLetter(slice(text, at, at + 2))) return false;
  return text.length === at + 2 || indexOf("/\\?#", text[at + 2]) >= 0;
};
const isDot = (part) => part === "." || toLower(part) === "%2e";
const isDoubleDot = (part) => {
  const lower = toLower(part);
  return lower === ".." || lower === ".%2e" || lower === "%2e." || lower === "%2e%2e";
};

function shorten(url) {
  const { path } = url;
  if (url.scheme === "file:" && path.length === 1 && path[0].length === 2 && isDriveLetter(path[0]) && path[0][1] === ":") return;
  if (path.length > 0) path.length--;
}

function stripped(text, everywhere) {
  let start = 0;
  let end = text.length;
  if (!everywhere) {
    while (start < end && charCodeAt(text, start) <= 32) start++;
    while (end > start && charCodeAt(text, end - 1) <= 32) end--;
  }
  return replaceAll(replaceAll(replaceAll(slice(text, start, end), "\t", ""), "\n", ""), "\r", "");
}

const copyPath = (path) => {
  if (typeof path === "string") return path;
  const copy = list();
  for (let index = 0; index < path.length; index++) copy[index] = path[index];
  return copy;
};
const emptyURL = () => ({
  __proto__: null,
  scheme: "",
  username: "",
  password: "",
  host: null,
  port: "",
  path: list(),
  query: null,
  fragment: null,
});

// Parses `input` against `base` (a record or null); null where it is no URL.
function parseURL(given, base) {
  const input = stripped(toWellFormed(given), false);
  const url = emptyURL();
  let at = 0;
  if (isAlpha(charCodeAt(input, 0))) {
    let end = 1;
    while (end < input.length && isSchemeCode(charCodeAt(input, end))) end++;
    if (input[end] === ":") {
      url.scheme = `${toLower(slice(input, 0, end))}:`;
      at = end + 1;
    }
  }
  if (url.scheme === "") return base === null ? null : parseRelative(input, url, base);
  const slashes = input[at] === "/" && input[at + 1] === "/";
  if (url.scheme === "file:") return parseFile(input, at, url, base?.scheme === "file:" ? base : null);
  if (isSpecial(url)) {
    if (base !== null && base.scheme === url.scheme && !slashes) return parseRelative(slice(input, at), url, base);
    return parseAuthority(input, skipSlashes(input, at), url);
  }
  if (slashes) return parseAuthority(input, at + 2, url);
  if (input[at] === "/") return parsePath(input, at, url);
  return parseOpaque(input, at, url);
}
const isSchemeCode = (code) => isAlpha(code) || (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;

function skipSlashes(input, at) {
  while (input[at] === "/" || input[at] === "\\") at++;
  return at;
}

function inherit(url, base) {
  for (const name of ["username", "password", "host", "port", "query"]) url[name] = base[name];
  url.path = copyPath(base.path);
}

function parseRelative(input, url, base) {
  url.scheme = base.scheme;
  if (typeof base.path === "string") {
    if (input[0] !== "#") return null;
    inherit(url, base);
    return parseTail(input, 0, url);
  }
  if (base.scheme === "file:") return parseFile(input, 0, url, base);
  const isSlash = (at) => input[at] === "/" || (isSpecial(url) && input[at] === "\\");
  if (isSlash(0)) {
    if (isSlash(1)) return parseAuthority(input, isSpecial(url) ? skipSlashes(input, 2) : 2, url);
    inherit(url, base);
    url.query = null;
    url.path = list();
    return parsePath(input, 0, url);
  }
  inherit(url, base);
  if (input === "" || input[0] === "#") return parseTail(input, 0, url);
  url.query = null;
  if (input[0] === "?") return parseTail(input, 0, url);
  shorten(url);
  return parsePath(input, 0, url);
}

function parseFile(input, at, url, base) {
  url.host = "";
  const isSlash = (index) => input[index] === "/" || input[index] === "\\";
  if (isSlash(at) && isSlash(at + 1)) return parseFileHost(input, at + 2, url);
  if (isSlash(at)) {
    if (base !== null) {
      url.host = base.host;
      if (!startsWithDrive(input, at + 1) && base.path.length > 0 && isDriveLetter(base.path[0])) {
        url.path[0] = base.path[0];
      }
    }
    return parsePath(input, at, url);
  }
  if (base === null) return parsePath(input, at, url);
  inherit(url, base);
  if (at === input.length || input[at] === "#") return parseTail(input, at, url);
  url.query = null;
  if (input[at] === "?") return parseTail(input, at, url);
  if (startsWithDrive(input, at)) url.path = list();
  else shorten(url);
  return parsePath(input, at, url);
}

function parseFileHost(input, at, url) {
  let end = at;
  while (end < input.length && indexOf("/\\?#", input[end]) < 0) end++;
  const text = slice(input, at, end);
  if (isDriveLetter(text)) return parsePath(input, at, url);
  if (text !== "") {
    const host = parseHost(text, true);
    if (host === null) return null;
    url.host = host === "localhost" ? "" : host;
  }
  return parsePath(input, end, url);
}

function parseAuthority(input, at, url) {
  let end = at;
  const stops = isSpecial(url) ? "/\\?#" : "/?#";
  while (end < input.length && indexOf(stops, input[end]) < 0) end++;
  let authority = slice(input, at, end);
  let sign = -1;
  for (let index = 0; index < authority.length; index++) if (authority[index] === "@") sign = index;
  if (sign >= 0) {
    const credentials = slice(authority, 0, sign);
    const colon = indexOf(credentials, ":");
    url.username = percentEncode(colon < 0 ? credentials : slice(credentials, 0, colon), inUserinfoSet);
    if (colon >= 0) url.password = percentEncode(slice(credentials, colon + 1), inUserinfoSet);
    authority = slice(authority, sign + 1);
    if (authority === "") return null;
  }
  if (!parseHostAndPort(authority, url)) return null;
  return parsePath(input, end, url);
}

function portColon(authority) {
  let inside = false;
  for (let index = 0; index < authority.length; index++) {
    if (authority[index] === "[") inside = true;
    if (authority[index] === "]") inside = false;
    if (authority[index] === ":" && !inside) return index;
  }
  return -1;
}

function parseHostAndPort(authority, url) {
  const colon = portColon(authority);
  const hostText = colon < 0 ? authority : slice(authority, 0, colon);
  if (hostText === "" && (isSpecial(url) || colon >= 0)) return false;
  const host = hostText === "" ? "" : parseHost(hostText, isSpecial(url));
  if (host === null) return false;
  url.host = host;
  return colon < 0 || setPort(slice(authority, colon + 1), url);
}

function setPort(text, url) {
  if (text === "") return true;
  if (!isDigits(text) || Number(text) > 65535) return false;
  const port = `${Number(text)}`;
  url.port = port === SPECIAL[url.scheme] ? "" : port;
  return true;
}

function parsePath(input, at, url, whole = false) {
  const special = isSpecial(url);
  const isSlash = (index) => input[index] === "/" || (special && input[index] === "\\");
  const isEnd = (index) => index >= input.length || (!whole && (input[index] === "?" || input[index] === "#"));
  if (!special && isEnd(at)) return parseTail(input, at, url);
  if (isSlash(at)) at++;
  for (;;) {
    let end = at;
    while (!isEnd(end) && !isSlash(end)) end++;
    addSegment(percentEncode(slice(input, at, end), inPathSet), isSlash(end) && !isEnd(end), url);
    at = end;
    if (isEnd(at)) return whole ? url : parseTail(input, at, url);
    at++;
  }
}

function addSegment(segment, slashFollows, url) {
  const { path } = url;
  if (isDoubleDot(segment)) {
    shorten(url);
    if (!slashFollows) path[path.length] = "";
  } else if (isDot(segment)) {
    if (!slashFollows) path[path.length] = "";
  } else {
    const drive = url.scheme === "file:" && path.length === 0 && isDriveLetter(segment);
    path[path.length] = drive ? `${segment[0]}:` : segment;
  }
}

function parseOpaque(input, at, url) {
  let end = at;
  while (end < input.length && input[end] !== "?" && input[end] !== "#") end++;
  url.path = percentEncode(slice(input, at, end), isControl);
  if (end < input.length && url.path[url.path.length - 1] === " ") url.path = `${slice(url.path, 0, -1)}%20`;
  return parseTail(input, end, url);
}

function parseTail(input, at, url) {
  const hash = indexOf(input, "#", at);
  const end = hash < 0 ? input.length : hash;
  if (input[at] === "?") {
    url.query = percentEncode(slice(input, at + 1, end), isSpecial(url) ? inSpecialQuerySet : inQuerySet);
  }
  if (hash >= 0) url.fragment = percentEncode(slice(input, hash + 1), inFragmentSet);
  return url;
}

function pathText(url) {
  if (typeof url.path === "string") return url.path;
  return url.path.length === 0 ? "" : `/${join(url.path, "/")}`;
}

function hostText(url) {
  if (url.host === null) return "";
  return url.port === "" ? url.host : `${url.host}:${url.port}`;
}

function serializeURL(url) {
  let text = url.scheme;
  if (url.host !== null) {
    text += "//";
    if (url.username !== "" || url.password !== "") {
      text += `${url.username}${url.password === "" ? "" : `:${url.password}`}@`;
    }
    text += hostText(url);
  } else if (typeof url.path !== "string" && url.path.length > 1 && url.path[0] === "") text += "/.";
  text += pathText(url);
  if (url.query !== null) text += `?${url.query}`;
  if (url.fragment !== null) text += `#${url.fragment}`;
  return text;
}
