/** Numbers and text as bytes: the same on every machine. */
import { MOST } from './check.js';
import { StateError } from './errors.js';

const STEP = 128;

/** Why bytes cannot be loaded. @param {string} why @param {ErrorOptions} [options] */
export const unloadable = (why, options) => new StateError(`load: these bytes ${why}`, options);

/** Bytes that no `save` gave, though their sum is right. */
export const impossible = () => unloadable('hold what no sampler has');

export class Writer {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** @param {number} bytes @returns {number} index of the first */
  #add(bytes) {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const room = new Uint8Array(2 * this.#length);
      room.set(this.#bytes);
      this.#bytes = room;
    }
    return at;
  }

  /** @param {number} value */
  #byte(value) {
    const at = this.#add(1);
    this.#bytes[at] = value;
  }

  /** In steps of 7 bits, the lowest first. @param {number} value in [0, MOST] */
  integer(value) {
    let rest = value;
    for (; rest >= STEP; rest = Math.floor(rest / STEP)) this.#byte((rest % STEP) + STEP);
    this.#byte(rest);
  }

  /** Numbers of 64 bits, NaN in a single bit. @param {ArrayLike<number>} values at most 8 */
  doubles(values) {
    const mark = this.#add(1);
    let there = 0;
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== values[i]) continue;
      there |= 1 << i;
      const at = this.#add(8);
      viewOf(this.#bytes).setFloat64(at, values[i], true);
    }
    this.#bytes[mark] = there;
  }

  /** 32 bits. @param {number} value */
  word(value) {
    const at = this.#add(4);
    viewOf(this.#bytes).setUint32(at, value, true);
  }

  /** @param {string} text ASCII: not every host that runs JavaScript has a TextEncoder */
  text(text) {
    this.integer(text.length);
    const at = this.#add(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[at + i] = text.charCodeAt(i);
  }

  /** A copy of all that was written. */
  done() {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what a `Writer` wrote; whatever the bytes are, it either gives values in their intervals or a StateError. */
export class Reader {
  #bytes;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  /** Bytes not yet read. */
  get left() {
    return this.#bytes.length - this.#at;
  }

  /** @param {number} bytes @returns {number} index of the first */
  #skip(bytes) {
    if (bytes > this.left) throw impossible();
    this.#at += bytes;
    return this.#at - bytes;
  }

  /** @param {number} [max] @returns {number} */
  integer(max = MOST) {
    let value = 0;
    for (let unit = 1; ; unit *= STEP) {
      const byte = this.#bytes[this.#skip(1)];
      value += (byte % STEP) * unit;
      if (value > max || unit > MOST) throw impossible();
      if (byte < STEP) return value;
    }
  }

  /** @param {number} count at most 8 @returns {Float64Array} */
  doubles(count) {
    const there = this.#bytes[this.#skip(1)];
    if (there >>> count !== 0) throw impossible();
    return Float64Array.from({ length: count }, (_, i) =>
      ((there >>> i) & 1) === 0 ? Number.NaN : viewOf(this.#bytes).getFloat64(this.#skip(8), true),
    );
  }

  /** @returns {number} */
  word() {
    return viewOf(this.#bytes).getUint32(this.#skip(4), true);
  }

  text() {
    const length = this.integer(this.left);
    const at = this.#skip(length);
    let text = '';
    for (let i = at; i < at + length; i++) text += String.fromCharCode(this.#bytes[i]);
    return text;
  }
}

/** @param {Uint8Array} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

/**
 * Tells damaged bytes from sound ones: two that differ in a single byte never have the same. Fowler, Noll, Vo: FNV-1a of
 * 32 bits.
 * @param {Uint8Array} bytes
 */
export function checksum(bytes) {
  let sum = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) sum = Math.imul(sum ^ bytes[i], 0x01000193);
  return sum >>> 0;
}
