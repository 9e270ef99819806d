/** What the functions of a row share: their options, `rows`, and where results go. */
import { LK } from '../dist/abi.js';
import { isInside, roomOf } from './alloc.js';
import { f32 } from './arena.js';
import { checkNames, checkNumber, HIGHEST, MOST, show, tagOf } from './check.js';
import { core } from './instance.js';
import { checkAttached, emptyError, failure, formatOf, revived, Shifted } from './read.js';
import { ROW, rowBytes, scratch, work } from './scratch.js';

/**
 * @typedef {import('./read.js').Row} Row
 *
 * Of every function of a row.
 * @typedef {object} RowOptions
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {number} [rows] x is a row-major matrix of so many rows of equal length; each is treated by itself
 *
 * @typedef {object} TemperatureOptions
 * @property {number | readonly number[] | Float32Array | Float64Array} [temperature] 1; with `rows` also one for each
 * @property {number} [base] powers of this instead of e: base N is temperature T / ln N. 1 is an infinite temperature
 *
 * @typedef {object} OutOptions
 * @property {Float32Array} [out] where the result goes; may be x
 */

const ANY = { min: -Infinity, max: Infinity };
const BASE = { min: 0, minOpen: true, max: HIGHEST };
const COUNT = { min: 1, max: MOST, integer: true };
const NOTHING = Object.freeze({});

/** x as rows: format, number, length, and where it stands if that can be used in place. */
export class Rows {
  /** @type {Float32Array | undefined} */
  #out;

  /**
   * Checks x and the options, changes nothing.
   * @param {string} where the function
   * @param {unknown} x
   * @param {unknown} options
   * @param {readonly string[]} known names of options
   */
  constructor(where, x, options, known) {
    core();
    if (options !== undefined) checkNames(where, options, known);
    /** @type {any} */
    const given = options ?? NOTHING;
    const { rows = 1, dtype } = given;
    this.where = where;
    this.what = `${where}: x`;
    this.format = formatOf(this.what, x, dtype);
    /** @type {any} */
    this.x = x;
    this.length = this.x.length;
    this.rows = checkNumber(`${where}: rows`, rows, COUNT);
    this.given = given;
    if (this.length === 0) throw emptyError(this.what);
    this.n = this.length / this.rows;
    if (!Number.isInteger(this.n)) {
      throw new RangeError(
        `${this.what} must have a multiple of rows = ${this.rows} elements, got ${this.length}`,
      );
    }
    if (this.n > LK.MAX_VOCAB) {
      throw new RangeError(`${this.what} must have at most ${LK.MAX_VOCAB} elements a row, got ${this.n}`);
    }
    this.inside = Array.isArray(x) || !isInside(this.x) ? -1 : this.x.byteOffset;
    this.place = this.format === LK.F32 && this.rows === 1 ? roomOf(this.x) : 0;
    this.work = 0;
    this.spare = 0;
  }

  /** The temperature of each row, `base` taken in. @returns {(row: number) => number} */
  temperatures() {
    const { temperature = 1, base } = this.given;
    const what = `${this.where}: temperature`;
    const many = tagOf(temperature);
    if (many !== '' && many !== 'Array' && many !== 'Float32Array' && many !== 'Float64Array') {
      throw new TypeError(
        `${what} must be a number, or with rows an array of them, got ${show(temperature)}`,
      );
    }
    if (many === '') checkNumber(what, temperature, ANY);
    else if (temperature.length !== this.rows) {
      throw new RangeError(`${what} must have rows = ${this.rows} elements, got ${temperature.length}`);
    } else for (let r = 0; r < this.rows; r++) checkNumber(`${what}[${r}]`, temperature[r], ANY);
    if (base !== undefined) checkNumber(`${this.where}: base`, base, BASE);
    return (row) => {
      const T = many === '' ? temperature : temperature[row];
      return base === undefined ? T : core().lk_base_temperature(T, base);
    };
  }

  /**
   * Where the result goes: the option `out`, or nothing yet.
   * @param {number} length that it must have
   */
  checkOut(length) {
    const { out } = this.given;
    if (out === undefined) return;
    const what = `${this.where}: out`;
    if (tagOf(out) !== 'Float32Array')
      throw new TypeError(`${what} must be a Float32Array, got ${show(out)}`);
    checkAttached(what, out);
    if (out.length !== length)
      throw new RangeError(`${what} must have ${length} elements, got ${out.length}`);
    this.#out = out;
  }

  /** Takes the scratch memory of one row. Nothing may allocate from here on: what else is needed is taken before. */
  open() {
    this.work = work(this.n, this.where);
    this.spare = scratch(ROW, rowBytes(this.n), this.where);
    this.x = revived(this.x, this.inside, this.length);
    if (this.#out?.length === 0) checkAttached(`${this.where}: out`, this.#out);
  }

  /** What the last `load` did to float64. */
  shifted = new Shifted();

  /**
   * Row r in the library's memory, as float32.
   * @param {number} r
   * @param {number} temperature
   * @returns {number} its address
   */
  load(r, temperature) {
    if (this.place !== 0) return this.place;
    this.shifted.copy(this.what, this.x, r * this.n, this.n, this.format, this.spare, temperature);
    return this.spare;
  }

  /** Row r as messages name it. @param {number} r */
  name(r) {
    return this.rows === 1 ? this.what : `${this.what} (row ${r})`;
  }

  /** @param {number} r @param {number} status @param {number} at */
  fail(r, status, at) {
    return failure(this.name(r), status, at, this.n, LK.F32, r * this.n);
  }

  /**
   * Runs a kernel over every row whose result is a row of the same length. With several rows nothing is written to
   * `out` before all have succeeded.
   * @param {(x: number, n: number, temperature: number, out: number, work: number) => number} kernel
   * @returns {Float32Array}
   */
  map(kernel) {
    const temperature = this.temperatures();
    this.checkOut(this.length);
    this.open();
    const out = this.#out;
    const direct = out && this.rows === 1 ? roomOf(out) : 0;
    const target = direct || this.spare;
    const result = out && this.rows === 1 ? out : new Float32Array(this.length);
    for (let r = 0; r < this.rows; r++) {
      const T = temperature(r);
      const at = this.load(r, T);
      const status = kernel(at, this.n, T * this.shifted.scale, target, this.work);
      if (status !== LK.OK) throw this.fail(r, status, at);
      if (!direct) result.set(f32.subarray(target >>> 2, (target >>> 2) + this.n), r * this.n);
    }
    return this.deliver(result);
  }

  /** @param {Float32Array} result @returns {Float32Array} */
  deliver(result) {
    if (this.#out === undefined || this.#out === result) return result;
    this.#out.set(result);
    return this.#out;
  }
}
