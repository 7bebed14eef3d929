// TextEncoder and TextDecoder for UTF-8 and UTF-16LE, as the Encoding Standard has them.
const fromCharCode = String.fromCharCode;
const codePointAt = uncurry(String.prototype.codePointAt);
const toLower = uncurry(String.prototype.toLowerCase);
const REPLACEMENT = 0xfffd;

// Calls `put` with each byte of the UTF-8 form of one code point.
function encodePoint(point, put) {
  if (point < 0x80) put(point);
  else if (point < 0x800) {
    put(0xc0 | (point >> 6));
    put(0x80 | (point & 63));
  } else if (point < 0x10000) {
    put(0xe0 | (point >> 12));
    put(0x80 | ((point >> 6) & 63));
    put(0x80 | (point & 63));
  } else {
    put(0xf0 | (point >> 18));
    put(0x80 | ((point >> 12) & 63));
    put(0x80 | ((point >> 6) & 63));
    put(0x80 | (point & 63));
  }
}

function utf8Bytes(text) {
  const wellFormedText = toWellFormed(text);
  const bytes = new Uint8Array(wellFormedText.length * 3);
  let length = 0;
  for (let index = 0; index < wellFormedText.length; index++) {
    const point = codePointAt(wellFormedText, index);
    if (point > 0xffff) index++;
    encodePoint(point, (byte) => {
      bytes[length++] = byte;
    });
  }
  return typedSlice(bytes, 0, length);
}
const typedSlice = uncurry(Uint8Array.prototype.slice);

class TextEncoder {
  get encoding() {
    return "utf-8";
  }
  encode(text = "") {
    return utf8Bytes(`${text}`);
  }
  encodeInto(text, target) {
    const source = toWellFormed(`${text}`);
    let read = 0;
    let written = 0;
    while (read < source.length) {
      const point = codePointAt(source, read);
      const bytes = list();
      encodePoint(point, (byte) => {
        bytes[bytes.length] = byte;
      });
      if (written + bytes.length > target.length) break;
      for (let index = 0; index < bytes.length; index++) target[written++] = bytes[index];
      read += point > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}

const LABELS = {
  __proto__: null,
  "utf-8": "utf-8",
  utf8: "utf-8",
  "unicode-1-1-utf-8": "utf-8",
  unicode11utf8: "utf-8",
  unicode20utf8: "utf-8",
  "x-unicode20utf8": "utf-8",
  "utf-16le": "utf-16le",
  "utf-16": "utf-16le",
};

// A decoder is a function of a byte, or of -1 at the end; it calls `put` with code points, REPLACEMENT for an error.
function utf8Decoder(put) {
  let point = 0;
  let needed = 0;
  let low = 0x80;
  let high = 0xbf;
  return function decode(byte) {
    if (needed === 0) {
      if (byte < 0) return;
      if (byte < 0x80) put(byte, false);
      else if (byte >= 0xc2 && byte <= 0xdf) {
        needed = 1;
        point = byte & 0x1f;
      } else if (byte >= 0xe0 && byte <= 0xef) {
        if (byte === 0xe0) low = 0xa0;
        if (byte === 0xed) high = 0x9f;
        needed = 2;
        point = byte & 0xf;
      } else if (byte >= 0xf0 && byte <= 0xf4) {
        if (byte === 0xf0) low = 0x90;
        if (byte === 0xf4) high = 0x8f;
        needed = 3;
        point = byte & 7;
      } else put(REPLACEMENT, true);
      return;
    }
    const fits = byte >= low && byte <= high;
    low = 0x80;
    high = 0xbf;
    if (!fits) {
      needed = 0;
      put(REPLACEMENT, true);
      decode(byte);
      return;
    }
    point = (point << 6) | (byte & 63);
    if (--needed === 0) put(point, false);
  };
}

function utf16Decoder(put) {
  let first = -1;
  let lead = -1;
  return (byte) => {
    if (byte < 0) {
      if (first >= 0 || lead >= 0) put(REPLACEMENT, true);
      first = lead = -1;
      return;
    }
    if (first < 0) {
      first = byte;
      return;
    }
    const unit = first | (byte << 8);
    first = -1;
    if (lead >= 0) {
      const high = lead;
      lead = -1;
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        put(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00), false);
        return;
      }
      put(REPLACEMENT, true);
    }
    if (unit >= 0xd800 && unit <= 0xdbff) lead = unit;
    else put(unit >= 0xdc00 && unit <= 0xdfff ? REPLACEMENT : unit, unit >= 0xdc00 && unit <= 0xdfff);
  };
}

function bytesOf(input) {
  if (input === undefined) return new Uint8Array(0);
  if (isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (isBuffer(input)) return new Uint8Array(input);
  throw new TypeError("decode() takes an ArrayBuffer or a view of one.");
}

function pointText(point) {
  if (point < 0x10000) return fromCharCode(point);
  return fromCharCode(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #decode = null;
  #text = "";
  #start = true;
  #failed = false;
  constructor(label = "utf-8", options) {
    const encoding = LABELS[toLower(trim(`${label}`))];
    if (encoding === undefined) throw new RangeError(`The encoding "${label}" is not there; utf-8 and utf-16le are.`);
    this.#encoding = encoding;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }
  get encoding() {
    return this.#encoding;
  }
  get fatal() {
    return this.#fatal;
  }
  get ignoreBOM() {
    return this.#ignoreBOM;
  }
  decode(input, options) {
    const bytes = bytesOf(input);
    const put = (point, wrong) => {
      if (wrong) this.#failed = true;
      const isMark = this.#start && point === 0xfeff && !this.#ignoreBOM;
      this.#start = false;
      if (!isMark) this.#text += pointText(point);
    };
    const keepGoing = Boolean(options?.stream);
    this.#decode ??= (this.#encoding === "utf-8" ? utf8Decoder : utf16Decoder)(put);
    for (let index = 0; index < bytes.length; index++) this.#decode(bytes[index]);
    if (!keepGoing) {
      this.#decode(-1);
      this.#decode = null;
      this.#start = true;
    }
    const text = this.#text;
    const failed = this.#failed;
    this.#text = "";
    this.#failed = false;
    if (failed && this.#fatal) {
      this.#decode = null;
      this.#start = true;
      throw new TypeError("The bytes are no valid text.");
    }
    return text;
  }
}
