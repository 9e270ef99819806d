/**
 * Rows in float64, for functions that would lose too many digits in float32. They stand in three places (0, 1, 2) of the
 * scratch memory that the C functions have: of its 25 bytes for each logit these take 24.
 */
import { LK } from '../dist/abi.js';
import { f32, f64 } from './arena.js';
import { checkNumber } from './check.js';
import { core } from './instance.js';
import { copyRow, DOUBLES, NUMBERS, nanError, numberAt } from './read.js';

/** @typedef {import('./rows.js').Rows} Rows */

/** A place; its address is a multiple of 16, and behind an odd n there is room for one more. @param {Rows} input @param {number} place */
export function room(input, place) {
  const at = (input.work >>> 3) + place * (input.n + (input.n & 1));
  return f64.subarray(at, at + input.n);
}

/**
 * Copies row r as it is.
 * @param {Rows} input
 * @param {number} r
 * @param {number} place
 * @returns {Float64Array} the place
 */
export function doubles(input, r, place) {
  const { n, format, x, what, spare } = input;
  const to = room(input, place);
  if (format === NUMBERS) for (let i = 0; i < n; i++) to[i] = numberAt(what, x, r * n + i);
  else if (format === DOUBLES || format === LK.F32) to.set(x.subarray(r * n, r * n + n));
  else {
    copyRow(what, x, r * n, n, format, spare);
    core().lk_widen(spare, n, format, spare);
    to.set(f32.subarray(spare >>> 2, (spare >>> 2) + n));
  }
  return to;
}

/**
 * The same for logits that no kernel will look at.
 * @param {Rows} input
 * @param {number} r
 * @param {number} place
 */
export function logits(input, r, place) {
  const to = doubles(input, r, place);
  const { n } = input;
  let nans = 0;
  let first = 0;
  for (let i = 0; i < n; i++) {
    const value = to[i];
    if (value !== value && nans++ === 0) first = i;
  }
  if (nans > 0) throw nanError(input.name(r), r * n + first, nans, n);
  return to;
}

/**
 * The same for numbers that are no logits and have to be in an interval.
 * @param {Rows} input
 * @param {number} r
 * @param {number} place
 * @param {import('./check.js').Interval} interval
 */
export function values(input, r, place, interval) {
  const to = doubles(input, r, place);
  const { min, max } = interval;
  for (let i = 0; i < input.n; i++) {
    const value = to[i];
    if (!(value >= min && value <= max)) checkNumber(`${input.what}[${r * input.n + i}]`, value, interval);
  }
  return to;
}

/**
 * The temperatures of a gradient, which has none at 0: the maxima change places there.
 * @param {Rows} input
 * @returns {(row: number) => number}
 */
export function slopes(input) {
  const temperature = input.temperatures();
  for (let r = 0; r < input.rows; r++) {
    if (temperature(r) === 0) {
      throw new RangeError(`${input.where}: temperature must not be 0, where there is no gradient, got 0`);
    }
  }
  return temperature;
}

/**
 * A result that is as long as x, row by row, rounded once. Nothing is written to `out` before all have succeeded.
 * @param {Rows} input
 * @param {(row: number, temperature: number) => Float64Array} step
 * @param {(row: number) => number} [temperature]
 * @returns {Float32Array}
 */
export function each(input, step, temperature = input.temperatures()) {
  const { n, rows } = input;
  input.checkOut(input.length);
  input.open();
  const result = input.result();
  for (let r = 0; r < rows; r++) {
    result.set(step(r, temperature(r)), r * n);
  }
  return input.deliver(result);
}
