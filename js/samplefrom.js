/** `sampler.sampleFrom`: candidates instead of a row, as servers return them. */
import { LK } from '../dist/abi.js';
import { isInside } from './alloc.js';
import { f32 } from './arena.js';
import { checkBoolean, checkChoice, checkNames } from './check.js';
import { core } from './instance.js';
import { copyRow, emptyError, formatOf, nanError, revived } from './read.js';
import { rowBytes, scratch, VALUES } from './scratch.js';
import { tokensOf } from './tokens.js';

/**
 * @typedef {object} SampleFromOptions
 * @property {'logits' | 'logprobs'} [kind] what x holds: 'logits'
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {import('./sequence.js').Mask | null} [mask] for this call instead of `sampler.mask`; null: none
 * @property {boolean} [record] true: the token enters the history and the position moves on
 */

const OPTIONS = ['kind', 'dtype', 'mask', 'record'];
const KINDS = ['logits', 'logprobs'];
/** What rounding may have added to a logprob of 0. */
const ABOVE = 1e-3;

/**
 * Writes the candidates into the spare row, everything else being masked.
 * @param {import('./look.js').Parts} parts
 * @param {import('./tokens.js').Tokens} ids
 * @param {import('./read.js').Row} x
 * @param {SampleFromOptions} [options]
 * @returns {{ row: number, mask: import('./sequence.js').Mask | null, record: boolean }}
 */
export function spread(parts, ids, x, options = {}) {
  const frame = parts.alive('sampleFrom');
  checkNames('sampleFrom', options, OPTIONS);
  const { kind = 'logits', dtype, mask = parts.mask, record = true } = options;
  checkChoice('sampleFrom: kind', kind, KINDS);
  checkBoolean('sampleFrom: record', record);
  if (mask !== null) parts.checkMask('sampleFrom: mask', mask);
  const tokens = tokensOf('sampleFrom: ids', ids, frame.n);
  const format = formatOf('sampleFrom: x', x, dtype);
  const { length } = tokens;
  if (x.length !== length) {
    throw new RangeError(`sampleFrom: x must have as many elements as ids, ${length}, got ${x.length}`);
  }
  if (length === 0) throw emptyError('sampleFrom: x');
  const sorted = tokens.slice().sort();
  const twice = sorted.find((token, i) => token === sorted[i + 1]);
  if (twice !== undefined) throw new RangeError(`sampleFrom: ids must be distinct, got ${twice} twice`);
  if (kind === 'logprobs') checkOffsets(parts.plan.settings);

  const offset = ArrayBuffer.isView(x) && isInside(x) ? x.byteOffset : -1;
  frame.reserve('sampleFrom');
  const at = scratch(VALUES, rowBytes(length), 'sampleFrom');
  const here = ArrayBuffer.isView(x) ? revived(x, offset, length) : x;
  copyRow('sampleFrom: x', here, 0, length, format, at);
  if (format > LK.F32) core().lk_widen(at, length, format, at);
  const values = f32.subarray(at >>> 2, (at >>> 2) + length);
  checkValues(values, kind);
  const to = frame.spare;
  // Through f32 itself: of stores into what subarray().fill() returned, Firefox 153 loses all once it has optimised them.
  const base = to >>> 2;
  f32.fill(-Infinity, base, base + frame.n);
  for (let i = 0; i < length; i++) f32[base + tokens[i]] = values[i];
  return { row: to, mask, record };
}

/**
 * Logprobs are logits but for an offset that nobody knows.
 * @param {import('./options.js').Settings} settings
 */
function checkOffsets({ repetitionPenalty, lengthPenalty }) {
  if (repetitionPenalty === 1 && lengthPenalty === null) return;
  const name = lengthPenalty === null ? `repetitionPenalty = ${repetitionPenalty}` : 'lengthPenalty';
  throw new RangeError(
    `sampleFrom: ${name} does not go with kind 'logprobs': it asks for the sign and the size of logits`,
  );
}

/** @param {Float32Array} values @param {string} kind */
function checkValues(values, kind) {
  const isNotOne = (/** @type {number} */ value) => value !== value;
  const first = values.findIndex(isNotOne);
  if (first >= 0) throw nanError('sampleFrom: x', first, values.filter(isNotOne).length, values.length);
  const high = kind === 'logprobs' ? values.findIndex((value) => value > ABOVE) : -1;
  if (high >= 0) {
    throw new RangeError(
      `sampleFrom: x[${high}] must be a logprob, at most 0 but for rounding, got ${values[high]}`,
    );
  }
}
