/** What the functions of a row share: their options, `rows`, and where results go. */
import { LK } from '../dist/abi.js';
import { isInside, roomOf } from './alloc.js';
import { f32 } from './arena.js';
import { checkNames, checkNumber, HIGHEST, MOST, show, tagOf } from './check.js';
import { core } from './instance.js';
import { checkAttached, emptyError, failure, formatOf, isCold, revived, Shifted } from './read.js';
import { CELL, ROW, rowBytes, scratch, work } from './scratch.js';

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

/**
 * Names of options of a function that gives one number a row: `out` is one of them where there are rows.
 * @param {unknown} options
 * @param {readonly string[]} names
 */
export const namesOf = (options, names) =>
  /** @type {any} */ (options)?.rows === undefined ? names : [...names, 'out'];

/**
 * The option `out`, which may be absent.
 * @param {string} where
 * @param {any} out
 * @param {number} length that it must have
 * @returns {Float32Array | undefined}
 */
export function checkedOut(where, out, length) {
  if (out === undefined) return out;
  const what = `${where}: out`;
  if (tagOf(out) !== 'Float32Array') throw new TypeError(`${what} must be a Float32Array, got ${show(out)}`);
  checkAttached(what, out);
  if (out.length !== length) throw new RangeError(`${what} must have ${length} elements, got ${out.length}`);
  return out;
}

/** x as rows: format, number, length, and where it stands if that can be used in place. */
export class Rows {
  /** @type {Float32Array | undefined} */
  #out;
  /** What goes with x. @type {Rows[]} */
  #company = [];

  /**
   * Checks x and the options, changes nothing.
   * @param {string} where the function
   * @param {unknown} x
   * @param {unknown} options
   * @param {readonly string[]} known names of options
   * @param {string} [name] of x
   * @param {Rows} [beside] the rows that these belong to, whose options they share: they must be as long
   */
  constructor(where, x, options, known, name = 'x', beside) {
    core();
    if (options !== undefined && !beside) checkNames(where, options, known);
    /** @type {any} */
    const given = options ?? NOTHING;
    const { rows = 1, dtype } = given;
    this.where = where;
    this.what = `${where}: ${name}`;
    // What stands beside a Uint16Array may be of another kind: dtype is not for that.
    this.format = formatOf(this.what, x, beside && tagOf(x) !== 'Uint16Array' ? undefined : dtype);
    /** @type {any} */
    this.x = x;
    this.length = this.x.length;
    this.rows = checkNumber(`${where}: rows`, rows, COUNT);
    this.given = given;
    if (beside && this.length !== beside.length) {
      throw new RangeError(
        `${this.what} must have ${beside.length} elements, as many as ${beside.what}, got ${this.length}`,
      );
    }
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
    this.cell = 0;
  }

  /**
   * What goes with x element by element.
   * @param {string} name
   * @param {unknown} values
   */
  beside(name, values) {
    const rows = new Rows(this.where, values, this.given, [], name, this);
    this.#company.push(rows);
    return rows;
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
    this.#out = checkedOut(this.where, this.given.out, length);
  }

  /** Takes the scratch memory of one row. Nothing may allocate from here on: what else is needed is taken before. */
  open() {
    this.work = work(this.n, this.where);
    this.cell = scratch(CELL, 16, this.where);
    this.spare = scratch(ROW, rowBytes(this.n), this.where);
    this.x = revived(this.x, this.inside, this.length);
    for (const rows of this.#company) rows.open();
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
    if (this.place !== 0 && !isCold(temperature)) return this.place;
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
    const result = this.result();
    for (let r = 0; r < this.rows; r++) {
      const T = temperature(r);
      const at = this.load(r, T);
      const status = kernel(at, this.n, T * this.shifted.scale, target, this.work);
      if (status !== LK.OK) throw this.fail(r, status, at);
      if (!direct) result.set(f32.subarray(target >>> 2, (target >>> 2) + this.n), r * this.n);
    }
    return this.deliver(result);
  }

  /**
   * Computes one number a row, in float64.
   * @param {(row: number, temperature: number) => number} step
   * @param {(row: number) => number} [temperature]
   * @returns {Float64Array}
   */
  numbers(step, temperature = this.temperatures()) {
    this.open();
    return Float64Array.from({ length: this.rows }, (_, r) => step(r, temperature(r)));
  }

  /**
   * The same as a result: the number, or with the option `rows` a Float32Array of them.
   * @param {(row: number, temperature: number) => number} step
   * @param {(row: number) => number} [temperature]
   * @returns {any}
   */
  reduce(step, temperature = this.temperatures()) {
    this.checkOut(this.rows);
    const found = this.numbers(step, temperature);
    return this.given.rows === undefined ? found[0] : this.deliver(Float32Array.from(found));
  }

  /** Where results are gathered: `out` itself, unless an error in a later row could still leave it half written. */
  result() {
    return this.#out && this.rows === 1 ? this.#out : new Float32Array(this.length);
  }

  /** @param {Float32Array} result @returns {Float32Array} */
  deliver(result) {
    if (this.#out === undefined || this.#out === result) return result;
    this.#out.set(result);
    return this.#out;
  }
}
