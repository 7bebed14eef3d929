// Hosts of URLs: percent-encoding, domains, IPv4 and IPv6, as the URL Standard has them.
const isControl = (point) => point < 0x20 || point > 0x7e;
const encodeSet = (characters, inner) => (point) =>
  inner(point) || (point < 0x80 && indexOf(characters, fromCharCode(point)) >= 0);
const inFragmentSet = encodeSet(' "<>`', isControl);
const inQuerySet = encodeSet(' "#<>', isControl);
const inSpecialQuerySet = encodeSet("'", inQuerySet);
const inPathSet = encodeSet("?^`{}", inQuerySet);
const inUserinfoSet = encodeSet("/:;=@[\\]|", inPathSet);

function percentEncode(text, inSet) {
  let encoded = "";
  const source = toWellFormed(text);
  for (let index = 0; index < source.length; index++) {
    const point = codePointAt(source, index);
    if (!inSet(point)) {
      encoded += pointText(point);
    } else {
      encodePoint(point, (byte) => {
        encoded += percentByte(byte);
      });
    }
    if (point > 0xffff) index++;
  }
  return encoded;
}

const HEX = "0123456789ABCDEF";
const percentByte = (byte) => `%${HEX[byte >> 4]}${HEX[byte & 15]}`;
const hexValue = (code) => {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

function percentDecode(text) {
  const bytes = utf8Bytes(text);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    const high = bytes[index] === 37 ? hexValue(bytes[index + 1]) : -1;
    const low = high >= 0 ? hexValue(bytes[index + 2]) : -1;
    bytes[length++] = low >= 0 ? high * 16 + low : bytes[index];
    if (low >= 0) index += 2;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(typedSlice(bytes, 0, length));
}

const FORBIDDEN_HOST = "\0\t\n\r #/:<>?@[\\]^|";
const isForbiddenHost = (text, domain) => {
  for (let index = 0; index < text.length; index++) {
    const code = charCodeAt(text, index);
    if (indexOf(FORBIDDEN_HOST, text[index]) >= 0) return true;
    if (domain && (code < 0x20 || code === 0x25 || code === 0x7f)) return true;
  }
  return false;
};

// Punycode of one label (RFC 3492).
function punycode(label) {
  const points = list();
  let output = "";
  for (let index = 0; index < label.length; index++) {
    const point = codePointAt(label, index);
    if (point > 0xffff) index++;
    points[points.length] = point;
    if (point < 0x80) output += fromCharCode(point);
  }
  if (output.length === points.length) return label;
  const basic = output.length;
  let handled = basic;
  if (basic > 0) output += "-";
  let limit = 128;
  let delta = 0;
  let bias = 72;
  while (handled < points.length) {
    let next = Infinity;
    for (let index = 0; index < points.length; index++) {
      if (points[index] >= limit && points[index] < next) next = points[index];
    }
    delta += (next - limit) * (handled + 1);
    limit = next;
    for (let index = 0; index < points.length; index++) {
      if (points[index] < limit) delta++;
      if (points[index] !== limit) continue;
      let rest = delta;
      for (let base = 36; ; base += 36) {
        const threshold = base <= bias ? 1 : base >= bias + 26 ? 26 : base - bias;
        if (rest < threshold) break;
        output += punycodeDigit(threshold + ((rest - threshold) % (36 - threshold)));
        rest = floor((rest - threshold) / (36 - threshold));
      }
      output += punycodeDigit(rest);
      bias = adapted(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    limit++;
  }
  return `xn--${output}`;
}
const punycodeDigit = (value) => fromCharCode(value < 26 ? 97 + value : 22 + value);
function adapted(delta, count, first) {
  let rest = floor(delta / (first ? 700 : 2));
  rest += floor(rest / count);
  let base = 0;
  for (; rest > 455; base += 36) rest = floor(rest / 35);
  return base + floor((36 * rest) / (rest + 38));
}

const normalize = uncurry(String.prototype.normalize);
const split = uncurry(String.prototype.split);
const replaceAll = uncurry(String.prototype.replaceAll);

// Case folding and normalisation in place of the whole of UTS 46.
function domainToASCII(domain) {
  const dots = replaceAll(replaceAll(replaceAll(domain, "\u3002", "."), "\uff0e", "."), "\uff61", ".");
  const folded = normalize(toLower(normalize(replaceAll(dots, "\u00ad", ""), "NFKC")), "NFC");
  const labels = split(folded, ".");
  let ascii = "";
  for (let index = 0; index < labels.length; index++) ascii += (index > 0 ? "." : "") + punycode(labels[index]);
  return ascii === "" || isForbiddenHost(ascii, true) ? null : ascii;
}

// NaN for what is no number.
function ipv4Number(text) {
  if (text === "") return NaN;
  let radix = 10;
  let digits = text;
  const head = toLower(slice(text, 0, 2));
  if (head === "0x") {
    radix = 16;
    digits = slice(text, 2);
  } else if (text.length > 1 && text[0] === "0") {
    radix = 8;
    digits = slice(text, 1);
  }
  let value = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = hexValue(charCodeAt(digits, index));
    if (digit < 0 || digit >= radix) return NaN;
    value = value * radix + digit;
  }
  return value;
}

const isDigits = (text) => {
  for (let index = 0; index < text.length; index++) {
    const code = charCodeAt(text, index);
    if (code < 48 || code > 57) return false;
  }
  return text !== "";
};

function endsInNumber(domain) {
  const parts = split(domain, ".");
  let last = parts.length - 1;
  if (parts[last] === "") {
    if (last === 0) return false;
    last--;
  }
  return isDigits(parts[last]) || !NumberIsNaN(ipv4Number(parts[last]));
}
const NumberIsNaN = Number.isNaN;

function parseIPv4(domain) {
  const parts = split(domain, ".");
  let count = parts.length;
  if (parts[count - 1] === "" && count > 1) count--;
  if (count > 4) return null;
  let address = 0;
  for (let index = 0; index < count; index++) {
    const number = ipv4Number(parts[index]);
    const last = index === count - 1;
    if (NumberIsNaN(number) || number >= (last ? 256 ** (5 - count) : 256)) return null;
    address += last ? number : number * 256 ** (3 - index);
  }
  return `${floor(address / 2 ** 24)}.${floor(address / 65536) % 256}.${floor(address / 256) % 256}.${address % 256}`;
}

// The eight pieces of an IPv6 address, null for what is none.
function parseIPv6(text) {
  const halves = split(text, "::");
  if (halves.length > 2) return null;
  const head = ipv6Pieces(halves[0], halves.length === 1);
  const tail = halves.length === 2 ? ipv6Pieces(halves[1], true) : list();
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  for (let index = 0; index < missing; index++) head[head.length] = 0;
  for (let index = 0; index < tail.length; index++) head[head.length] = tail[index];
  return head;
}

function ipv6Pieces(text, mayEndInIPv4) {
  const pieces = list();
  if (text === "") return pieces;
  const parts = split(text, ":");
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (mayEndInIPv4 && index === parts.length - 1 && indexOf(part, ".") >= 0) {
      const bytes = split(part, ".");
      if (bytes.length !== 4) return null;
      for (let at = 0; at < 4; at++) {
        if (!isDigits(bytes[at]) || (bytes[at].length > 1 && bytes[at][0] === "0") || Number(bytes[at]) > 255) return null;
      }
      pieces[pieces.length] = bytes[0] * 256 + Number(bytes[1]);
      pieces[pieces.length] = bytes[2] * 256 + Number(bytes[3]);
      continue;
    }
    if (part === "" || part.length > 4) return null;
    let value = 0;
    for (let at = 0; at < part.length; at++) {
      const digit = hexValue(charCodeAt(part, at));
      if (digit < 0) return null;
      value = value * 16 + digit;
    }
    pieces[pieces.length] = value;
  }
  return pieces;
}

const toHex = uncurry(Number.prototype.toString);
function serializeIPv6(pieces) {
  let start = -1;
  let length = 1;
  for (let index = 0; index < 8; index++) {
    let end = index;
    while (end < 8 && pieces[end] === 0) end++;
    if (end - index > length) {
      start = index;
      length = end - index;
    }
    if (end > index) index = end;
  }
  let text = "";
  for (let index = 0; index < 8; index++) {
    if (index === start) {
      text += index === 0 ? "::" : ":";
      index += length - 1;
      continue;
    }
    text += toHex(pieces[index], 16) + (index < 7 ? ":" : "");
  }
  return `[${text}]`;
}

// Null for what is no host.
function parseHost(text, special) {
  if (text[0] === "[") {
    if (text[text.length - 1] !== "]") return null;
    const pieces = parseIPv6(slice(text, 1, -1));
    return pieces === null ? null : serializeIPv6(pieces);
  }
  if (!special) return isForbiddenHost(text, false) ? null : percentEncode(text, isControl);
  const domain = domainToASCII(percentDecode(text));
  if (domain === null) return null;
  return endsInNumber(domain) ? parseIPv4(domain) : domain;
}
