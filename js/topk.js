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
    const at = input.load(r, 1);
    const status = lk.lk_top_k(at, n, most, idsAt, logitsAt, found, input.work);
    if (status !== LK.OK) throw input.fail(r, status, at);
    count = u32[found >>> 2];
    for (let i = 0; i < count; i++) {
      const id = u32[(idsAt >>> 2) + i];
      ids[r * most + i] = id;
      logits[r * most + i] = input.format < 0 ? input.x[r * n + id] : f32[(logitsAt >>> 2) + i];
    }
  }
  if (options?.rows !== undefined || count === most) return { ids, logits };
  return { ids: ids.slice(0, count), logits: logits.slice(0, count) };
}
