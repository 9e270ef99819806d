import { checkNumber, HIGHEST, LARGEST, LOWEST } from './check.js';
import { each, logits } from './doubles.js';
import { Rows } from './rows.js';

const NAMES = ['out', 'rows', 'dtype'];
const SCALE = { min: LOWEST, max: HIGHEST };

/** @typedef {import('./rows.js').RowOptions & import('./rows.js').OutOptions} GuideOptions */

/**
 * Classifier-free guidance (Ho and Salimans 2022; for text Sanchez et al. 2023): u + (c - u) scale, from logits with and
 * without the condition. Scale 1 is cond as it is, 0 is uncond, above 1 leads further away from uncond. Otherwise what is
 * masked in either stays masked, and finite logits stay finite. Computed in float64, rounded once. Logits that are
 * normalised beforehand (`logSoftmax` of both) give the same probabilities.
 *
 * @example
 * guide([1, 5, 6, 3], [2, 4, 6, 4], 1.5); // [0.5, 5.5, 6, 2.5]
 *
 * @param {import('./read.js').Row} cond logits
 * @param {import('./read.js').Row} uncond logits, as many
 * @param {number} scale finite
 * @param {GuideOptions} [options] rows: only matters beyond 16,777,216 logits
 * @returns {Float32Array} logits; `out` if given, which may be one of the two and is as before after an error
 * @throws {LogitsError} NaN, no logits
 * @throws {TypeError | RangeError} arguments
 */
export function guide(cond, uncond, scale, options) {
  const input = new Rows('guide', cond, options, NAMES, 'cond');
  const other = input.beside('uncond', uncond);
  checkNumber('guide: scale', scale, SCALE);
  return each(input, (r) => {
    const c = logits(input, r, 0);
    const u = logits(other, r, 1);
    for (let i = 0; i < input.n; i++) c[i] = guided(c[i], u[i], scale);
    return c;
  });
}

/** @param {number} c @param {number} u @param {number} scale */
function guided(c, u, scale) {
  const value = formula(c, u, scale);
  // What is beyond float32 must not look like a mask.
  return c - c === 0 && u - u === 0 ? Math.max(-LARGEST, Math.min(LARGEST, value)) : value;
}

/** @param {number} c @param {number} u @param {number} scale */
function formula(c, u, scale) {
  if (scale === 1 || c === u) return c;
  if (scale === 0) return u;
  if (c === -Infinity || u === -Infinity) return -Infinity;
  return u === Infinity ? u * (1 - scale) : u + (c - u) * scale;
}
