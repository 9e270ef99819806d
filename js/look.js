/** Aiming a sampler's core at a row that is only looked at: one that is given, or that of the last call. */
import { LK } from '../dist/abi.js';
import { isInside, roomOf } from './alloc.js';
import { f32 } from './arena.js';
import { revived } from './read.js';
import { IDS, ROW, rowBytes, scratch, VALUES } from './scratch.js';

/**
 * @typedef {import('./sequence.js').Parts} Parts
 * @typedef {import('./sequence.js').Mask} Mask
 *
 * @typedef {object} LookOptions
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {Mask | null} [mask] for this call instead of `sampler.mask`; null: none
 */

/**
 * Aims at x as `sample` would, but does not take it over. Afterwards IDS and VALUES have `bytes` each.
 * @param {string} where
 * @param {Parts} parts
 * @param {import('./read.js').Row | null | undefined} x absent: the sampler's own row
 * @param {LookOptions} options checked for their names
 * @param {number} bytes
 */
export function aimAt(where, parts, x, { dtype, mask = parts.mask }, bytes) {
  const { frame } = parts;
  const { n } = frame;
  if (mask !== null) parts.checkMask(`${where}: mask`, mask);
  const given = x !== undefined && x !== null;
  const own = !given || frame.isOwn(x);
  if (own) frame.checkOwn(where);
  const format = given ? parts.checkRow(`${where}: x`, x, dtype) : LK.F32;

  const offset = ArrayBuffer.isView(x) && isInside(x) ? x.byteOffset : -1;
  scratch(IDS, bytes, where);
  scratch(VALUES, bytes, where);
  // Not for the sampler's own row: more memory would detach `sampler.logits`.
  const copy = own ? 0 : scratch(ROW, rowBytes(n), where);
  let row = 0;
  if (!own) {
    row = frame.bring(`${where}: x`, ArrayBuffer.isView(x) ? revived(x, offset, n) : x, format, copy);
  }
  frame.aim(row, format, mask);
}

/**
 * Looks at the last call, aimed at its row again.
 * @template T
 * @param {string} where
 * @param {Parts} parts
 * @param {number} call which one, as `parts.calls` was after it
 * @param {boolean} chain whether the stages are asked for, too: then it is the state before the call
 * @param {() => T} look
 * @returns {T}
 * @throws {TypeError} there is no such call, or its row or options are not there any more
 */
export function atLast(where, parts, call, chain, look) {
  const frame = parts.alive(where);
  if (parts.token < 0) {
    throw new TypeError(
      `${where}: there is no last call to look at, or accept, rewind or reset came behind it`,
    );
  }
  const { row, format, plan } = parts.last;
  if (parts.calls !== call || (row !== 0 && roomOf(f32.subarray(row >>> 2, (row >>> 2) + frame.n)) === 0)) {
    throw new TypeError(`${where}: the row of that call was replaced`);
  }
  if (!chain) {
    frame.aim(row, format, null);
    return look();
  }
  if (parts.plan !== plan) throw new TypeError(`${where}: the options were changed since that call`);
  const { mask, recorded } = parts.last;
  if (mask !== null) parts.checkMask(`${where}: the mask of that call`, mask);
  const aimed = () => {
    frame.aim(row, format, mask);
    return look();
  };
  return recorded ? frame.before(aimed) : aimed();
}
