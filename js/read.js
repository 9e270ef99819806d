/** Rows on their way in: which kinds of array are read, and how their elements get into the library's memory. */
import { LK } from '../dist/abi.js';
import { f32, u16 } from './arena.js';
import { isDetached, LARGEST, show, tagOf } from './check.js';
import { LogitsError } from './errors.js';
import { core } from './instance.js';
import { CELL, scratch } from './scratch.js';

/**
 * `Float16Array` where the types of the host know it.
 * @typedef {typeof globalThis extends { Float16Array: { prototype: infer T } } ? T : never} Float16
 *
 * Logits. A `Uint16Array` holds 16-bit floats; the option `dtype` says which.
 * @typedef {Float32Array | Float64Array | Uint16Array | readonly number[] | Float16} Row
 *
 * How the elements of a `Uint16Array` are to be read.
 * @typedef {'float16' | 'bfloat16'} Dtype
 */

/** Formats beyond those of the core (LK.F32, LK.F16, LK.BF16): float64, from a typed array and from a plain one. */
export const DOUBLES = -1;
export const NUMBERS = -2;

const KINDS = 'a Float32Array, Float64Array, Float16Array, number[], or a Uint16Array with dtype';

/**
 * How the elements of x are stored.
 * @param {string} what names x: 'softmax: x'
 * @param {unknown} x
 * @param {unknown} dtype the option of that name
 * @returns {number} LK.F32, LK.F16, LK.BF16, DOUBLES or NUMBERS
 * @throws {TypeError} no row, a detached one, a dtype that does not fit
 */
export function formatOf(what, x, dtype) {
  const tag = tagOf(x);
  let format = NUMBERS;
  if (tag === 'Float32Array') format = LK.F32;
  else if (tag === 'Float64Array') format = DOUBLES;
  else if (tag === 'Float16Array') format = LK.F16;
  else if (tag === 'Uint16Array') format = dtype === 'bfloat16' ? LK.BF16 : LK.F16;
  else if (tag !== 'Array') throw new TypeError(`${what} must be ${KINDS}, got ${show(x)}`);

  if (dtype !== undefined && dtype !== 'float16' && dtype !== 'bfloat16') {
    throw new TypeError(`${what}: dtype must be 'float16' or 'bfloat16', got ${show(dtype)}`);
  }
  if (tag === 'Uint16Array' && dtype === undefined) {
    throw new TypeError(`${what} is a Uint16Array: dtype must say 'float16' or 'bfloat16'`);
  }
  if (tag !== 'Uint16Array' && dtype !== undefined && !(tag === 'Float16Array' && dtype === 'float16')) {
    throw new TypeError(`${what} is ${show(x)}: dtype is for a Uint16Array, got ${show(dtype)}`);
  }
  if (tag !== 'Array') checkAttached(what, /** @type {ArrayBufferView} */ (x));
  return format;
}

/** @param {string} what @param {ArrayBufferView} view */
export function checkAttached(what, view) {
  if (view.byteLength === 0 && isDetached(view)) {
    throw new TypeError(
      `${what} is detached: its buffer was transferred, or it lay in logitkit's memory and that has grown`,
    );
  }
}

/**
 * x itself, or, if x lay in the library's memory and growth has detached it meanwhile, the same elements again.
 * @template {ArrayBufferView} T
 * @param {T} x
 * @param {number} offset its byteOffset before; -1 if it lay elsewhere
 * @param {number} length its length before
 * @returns {T}
 */
export function revived(x, offset, length) {
  if (offset < 0 || x.buffer === f32.buffer) return x;
  return new /** @type {any} */ (x.constructor)(f32.buffer, offset, length);
}

/**
 * Copies n elements to an address as they are: 16-bit floats stay so, float64 is rounded to float32.
 * @param {string} what
 * @param {any} x
 * @param {number} from index of the first
 * @param {number} n
 * @param {number} format as `formatOf` said
 * @param {number} at
 */
export function copyRow(what, x, from, n, format, at) {
  if (format === NUMBERS) {
    const to = at >>> 2;
    for (let i = 0; i < n; i++) f32[to + i] = numberAt(what, x, from + i);
    return;
  }
  const part = from === 0 && n === x.length ? x : x.subarray(from, from + n);
  if (format < 0 || format === LK.F32) f32.set(part, at >>> 2);
  else u16.set(tagOf(part) === 'Uint16Array' ? part : bitsOf(part), at >>> 1);
}

/** The bits of a Float16Array. @param {any} x */
const bitsOf = (x) => new Uint16Array(x.buffer, x.byteOffset, x.length);

/** Element i, which must be a number. @param {string} what @param {any} x @param {number} i @returns {number} */
export function numberAt(what, x, i) {
  const value = x[i];
  if (typeof value === 'number') return value;
  const got = i in x ? show(value) : 'a hole';
  throw new TypeError(`${what}[${i}] must be a number, got ${got}`);
}

/** A temperature whose inverse float32 may not hold: the core would take it for 0. @param {number} T */
export const isCold = (T) => T !== 0 && T < COLD && T > -COLD;

const COLD = 1e-36; // above what the core takes for 0 (logitkit.h: 1/T not finite in float32)
const COLDEST = 1e300; // a scale beyond which float64 could not hold a score

/**
 * Copies n elements as float32 for a function of x / T that does not mind a common offset. Of float64 the winner (the
 * largest finite number; the smallest below temperature 0) is subtracted before rounding, so that differences survive
 * which float32 could not hold beside the offset. Where differences or the temperature are beyond float32 both are scaled
 * until the temperature is within: what is infinite then has no weight.
 */
export class Shifted {
  /** What was subtracted. */
  shift = 0;
  /** What the differences were multiplied by: a power of two. */
  scale = 1;

  /**
   * @param {string} what
   * @param {any} x
   * @param {number} from
   * @param {number} n
   * @param {number} format
   * @param {number} at
   * @param {number} temperature Infinity where only the order matters
   */
  copy(what, x, from, n, format, at, temperature) {
    this.shift = 0;
    this.scale = 1;
    const to = at >>> 2;
    let row = x;
    let first = from;
    if (format >= 0) {
      copyRow(what, x, from, n, format, at);
      if (format !== LK.F32) core().lk_widen(at, n, format, at);
      if (!isCold(temperature)) return;
      row = f32;
      first = to;
    }
    let low = Infinity;
    let high = -Infinity;
    for (let i = first; i < first + n; i++) {
      const value = numberAt(what, row, i);
      if (value - value !== 0) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low <= high) {
      this.shift = temperature < 0 ? low : high;
      this.#rescale(high, low, temperature < 0 ? -temperature : temperature);
    }
    const { shift, scale } = this;
    for (let i = 0; i < n; i++) {
      const value = row[first + i];
      f32[to + i] = scale > 1 ? (value - shift) * scale : value * scale - shift * scale;
    }
  }

  /** @param {number} high @param {number} low @param {number} heat */
  #rescale(high, low, heat) {
    if (heat === Infinity) {
      while (high * this.scale - low * this.scale > LARGEST) this.scale /= 2;
    } else if (heat < COLD || high - low > LARGEST) {
      while (heat * this.scale > 1) this.scale /= 2;
      while (heat * this.scale < COLD && this.scale < COLDEST) this.scale *= 2;
    }
  }
}

/**
 * The error for a status of the core.
 * @param {string} what names the row: 'softmax: x'
 * @param {number} status
 * @param {number} at the row that the core was given
 * @param {number} n
 * @param {number} format of that row
 * @param {number} [first] index of its first element in what the caller gave
 */
export function failure(what, status, at, n, format, first = 0) {
  if (status === LK.EMPTY) return emptyError(what);
  if (status !== LK.NAN) return maskedError(what);
  const cell = scratch(CELL, 16, what);
  core().lk_find_nan(at, n, format, cell, cell + 4);
  const view = new Uint32Array(f32.buffer, cell, 2);
  return nanError(what, view[0] + first, view[1], n);
}

/** @param {string} what */
export function emptyError(what) {
  return new LogitsError('empty', `${what} must hold at least one logit, got none`);
}

/** @param {string} what @param {string} [stage] of a sampler, which left nothing */
export function maskedError(what, stage = '') {
  const by = stage === '' ? '' : `; the stage '${stage}' left nothing`;
  return new LogitsError(
    'masked',
    `${what} must leave at least one logit above -Infinity, all are masked or banned${by}`,
    { stage },
  );
}

/** @param {string} what @param {number} index @param {number} count @param {number} n */
export function nanError(what, index, count, n) {
  return new LogitsError('nan', `${what} must not hold NaN, got ${count} of ${n}, the first at ${index}`, {
    index,
    count,
  });
}
