/** One step of many sequences at once. */
import { isInside } from './alloc.js';
import { checkBoolean, checkNames, show, tagOf } from './check.js';
import { draw, keep } from './draw.js';
import { copyRow, formatOf, revived } from './read.js';
import { partsOf } from './sequence.js';

/**
 * @typedef {object} BatchOptions
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {import('./sequence.js').Mask | null} [mask] for all rows, instead of each `sampler.mask`; null: none
 * @property {boolean} [record] true: the tokens enter the histories and the positions move on
 *
 * @typedef {import('./sequence.js').Parts} Parts
 */

const BATCH = ['dtype', 'mask', 'record'];
const WHERE = 'sampleBatch';

/**
 * @param {any} x
 * @param {unknown} samplers
 * @param {BatchOptions} [options]
 */
export function sampleBatch(x, samplers, options) {
  if (options !== undefined) checkNames(WHERE, options, BATCH);
  const { dtype, mask, record = true } = options ?? {};
  checkBoolean(`${WHERE}: record`, record);
  const all = partsOfAll(samplers);
  const n = all.length > 0 ? all[0].frame.n : 0;
  const what = `${WHERE}: x`;
  const format = formatOf(what, x, dtype);
  const length = n * all.length;
  if (x.length !== length) {
    const rows = `${all.length} rows of vocabSize = ${n}, ${length} elements`;
    throw new RangeError(`${what} must have ${rows}, got ${x.length}`);
  }
  const inside = ArrayBuffer.isView(x) && isInside(x) ? x.byteOffset : -1;
  /** Copies a row to where it can become the sampler's own. @param {Parts} parts @param {number} row */
  const copy = ({ frame }, row) => {
    const rows = ArrayBuffer.isView(x) ? revived(x, inside, length) : x;
    copyRow(what, rows, row * n, n, format, frame.spare);
    return frame.spare;
  };

  const masks = all.map((parts) => (mask === undefined ? parts.mask : mask));
  const tokens = Int32Array.from(all, (parts, row) => {
    try {
      if (masks[row] !== null) parts.checkMask(`${WHERE}: mask`, masks[row]);
      parts.frame.reserve(WHERE);
      return draw(WHERE, parts, copy(parts, row), format, masks[row], record, row);
    } catch (error) {
      throw Object.assign(/** @type {Error} */ (error), { row });
    }
  });
  all.forEach((parts, row) => {
    keep(parts, tokens[row], copy(parts, row), format, masks[row], record);
  });
  return tokens;
}

/** @param {unknown} samplers @returns {Parts[]} different ones of one vocabulary */
function partsOfAll(samplers) {
  if (tagOf(samplers) !== 'Array') {
    throw new TypeError(`${WHERE}: samplers must be an array of Samplers, got ${show(samplers)}`);
  }
  const list = /** @type {unknown[]} */ (samplers);
  /** @type {Parts[]} */
  const all = [];
  for (let i = 0; i < list.length; i++) {
    const what = `${WHERE}: samplers[${i}]`;
    const sampler = /** @type {any} */ (list[i]);
    const parts = partsOf(sampler);
    if (parts === undefined) throw new TypeError(`${what} must be a Sampler, got ${show(sampler)}`);
    parts.alive(what);
    if (parts.frame.n !== (all[0] ?? parts).frame.n) {
      const first = all[0].frame.n;
      throw new RangeError(`${what} must have the vocabSize of the first, ${first}, got ${parts.frame.n}`);
    }
    if (all.includes(parts)) {
      throw new RangeError(`${what} must be another Sampler, got samplers[${all.indexOf(parts)}] again`);
    }
    all.push(parts);
  }
  return all;
}
