import { LK } from '../dist/abi.js';
import { f32, u32 } from './arena.js';
import { checkNumber, MOST } from './check.js';
import { core } from './instance.js';
import { Rows } from './rows.js';
import { CELL, IDS, scratch, VALUES } from './scratch.js';

const NAMES = ['rows', 'dtype'];
const K = { min: 1, max: MOST, integer: true };

/**
 * @typedef {object} TopK
 * @property {Int32Array} ids which ones, descending by logit
 * @property {Float32Array} logits their logits
 */

/**
 * The k largest logits, descending; among equals the lowest index first. Masked logits are left out, so there may be
 * fewer than k.
 *
 * With `rows` every row has min(k, n) places; where fewer are left, the rest is id -1 and logit -Infinity.
 *
 * @example
 * topK([1, 5, 6, 3], 2); // { ids: [2, 1], logits: [6, 5] }
 *
 * @param {import('./read.js').Row} x logits
 * @param {number} k integer >= 1
 * @param {import('./rows.js').RowOptions} [options]
 * @returns {TopK}
 * @throws {LogitsError} NaN, or no logits
 * @throws {TypeError | RangeError} arguments
 */
export function topK(x, k, options) {
  const input = new Rows('topK', x, options, NAMES);
  checkNumber('topK: k', k, K);
  const { n, rows } = input;
  const most = k < n ? k : n;
  const lk = core();
  const found = scratch(CELL, 16, 'topK');
  const idsAt = scratch(IDS, 4 * most, 'topK');
  const logitsAt = scratch(VALUES, 4 * most, 'topK');
  input.open();
  const ids = new Int32Array(rows * most).fill(-1);
  const logits = new Float32Array(rows * most).fill(-Infinity);
  let count = 0;
  for (let r = 0; r < rows; r++) {
    const at = input.load(r, Infinity);
    const status = lk.lk_top_k(at, n, most, idsAt, logitsAt, found, input.work);
    if (status !== LK.OK) throw input.fail(r, status, at);
    count = u32[found >>> 2];
    const place = r * most;
    if (input.format < 0 && count > 0) {
      const exact = finer(input, r, at, f32[(logitsAt >>> 2) + count - 1]).slice(0, count);
      ids.set(exact, place);
      for (let i = 0; i < count; i++) logits[place + i] = input.x[r * n + exact[i]];
    } else {
      ids.set(u32.subarray(idsAt >>> 2, (idsAt >>> 2) + count), place);
      logits.set(f32.subarray(logitsAt >>> 2, (logitsAt >>> 2) + count), place);
    }
  }
  if (options?.rows !== undefined || count === most) return { ids, logits };
  return { ids: ids.slice(0, count), logits: logits.slice(0, count) };
}

/**
 * Of float64: what its float32 value does not put behind the last one found, in the order of the float64 values. Rounding
 * keeps the order, but makes equals.
 * @param {Rows} input
 * @param {number} r
 * @param {number} at where the row stands in float32
 * @param {number} least the last one found
 * @returns {number[]}
 */
function finer(input, r, at, least) {
  const { n, x } = input;
  const from = r * n;
  const row = f32.subarray(at >>> 2, (at >>> 2) + n);
  const ids = [];
  for (let i = 0; i < n; i++) if (row[i] >= least && row[i] > -Infinity) ids.push(i);
  return ids.sort((a, b) => (x[from + b] > x[from + a] ? 1 : x[from + b] < x[from + a] ? -1 : a - b));
}
