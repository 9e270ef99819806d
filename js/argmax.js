import { LK } from '../dist/abi.js';
import { u32 } from './arena.js';
import { core } from './instance.js';
import { maskedError, nanError, numberAt } from './read.js';
import { Rows } from './rows.js';
import { CELL, scratch } from './scratch.js';

const NAMES = ['rows', 'dtype'];

/**
 * The index of the largest logit; among equals (-0 equals 0) the lowest. With `rows` one for each row, counted from its
 * start.
 *
 * @example
 * argmax([1, 5, 6, 3]); // 2
 *
 * @template {number | undefined} [R=undefined]
 * @param {import('./read.js').Row} x logits
 * @param {import('./rows.js').RowOptions & { rows?: R }} [options]
 * @returns {R extends number ? Int32Array : number}
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function argmax(x, options) {
  const input = new Rows('argmax', x, options, NAMES);
  const lk = core();
  const cell = scratch(CELL, 16, 'argmax');
  input.open();
  const result = new Int32Array(input.rows);
  for (let r = 0; r < input.rows; r++) {
    if (input.format < 0) {
      result[r] = largest(input, r);
      continue;
    }
    const at = input.load(r, 1);
    const status = lk.lk_argmax(at, input.n, cell, input.work);
    if (status !== LK.OK) throw input.fail(r, status, at);
    result[r] = u32[cell >>> 2];
  }
  return /** @type {any} */ (options?.rows === undefined ? result[0] : result);
}

/** Of float64, which float32 could not tell apart. @param {Rows} input @param {number} r @returns {number} */
function largest(input, r) {
  const { x, n } = input;
  const from = r * n;
  let best = -1;
  let nans = 0;
  let first = -1;
  for (let i = 0; i < n; i++) {
    const value = numberAt(input.what, x, from + i);
    if (value !== value) {
      if (nans++ === 0) first = from + i;
    } else if (value > (best < 0 ? -Infinity : x[from + best])) best = i;
  }
  if (nans > 0) throw nanError(input.name(r), first, nans, n);
  if (best < 0) throw maskedError(input.name(r));
  return best;
}
