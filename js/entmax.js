import { checkNumber, HIGHEST } from './check.js';
import { core } from './instance.js';
import { Rows } from './rows.js';

const NAMES = ['temperature', 'out', 'rows', 'dtype'];
const ALPHA = { min: 1, minOpen: true, max: HIGHEST };

/**
 * @typedef {import('./rows.js').RowOptions & Pick<import('./rows.js').TemperatureOptions, 'temperature'>
 *   & import('./rows.js').OutOptions} EntmaxOptions
 */

/**
 * @param {string} where
 * @param {import('./read.js').Row} x
 * @param {number} alpha
 * @param {EntmaxOptions} [options]
 */
function run(where, x, alpha, options) {
  return new Rows(where, x, options, NAMES).map((at, n, temperature, out, work) =>
    core().lk_entmax(at, n, alpha, temperature, out, work),
  );
}

/**
 * Sparse probabilities: max(0, x_i / T - t), with t such that they sum to 1: the point of the simplex that is nearest
 * to x / T. What lies T or more below the maximum gets exactly 0. T = 0, T < 0, ±Infinity and masked logits are as
 * `softmax` has them. Martins and Astudillo 2016, "From Softmax to Sparsemax". To 1e-6 relative or 1e-7 absolute.
 *
 * @example
 * sparsemax([1, 0.8, 0.1]); // [0.6, 0.4, 0]
 *
 * @param {import('./read.js').Row} x logits
 * @param {EntmaxOptions} [options]
 * @returns {Float32Array} probabilities, of the length of x; `out` if given
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function sparsemax(x, options) {
  return run('sparsemax', x, 2, options);
}

/**
 * Half way between `softmax` and `sparsemax`: max(0, x_i / 2T - t)^2, with t such that they sum to 1. What lies 2 T or
 * more below the maximum gets exactly 0. Otherwise as `sparsemax`. Peters, Niculae, Martins 2019, "Sparse
 * Sequence-to-Sequence Models".
 *
 * @example
 * entmax15([1, 0.8, 0.1]); // [0.5292, 0.3937, 0.0770]
 *
 * @param {import('./read.js').Row} x logits
 * @param {EntmaxOptions} [options]
 * @returns {Float32Array} probabilities, of the length of x; `out` if given
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function entmax15(x, options) {
  return run('entmax15', x, 1.5, options);
}

/**
 * max(0, (alpha - 1) x_i / T - t)^(1 / (alpha - 1)), with t such that they sum to 1: `softmax` in the limit of alpha =
 * 1, `entmax15` for 1.5, `sparsemax` for 2, and ever sparser above. What lies T / (alpha - 1) or more below the maximum
 * gets exactly 0. Otherwise as `sparsemax`. Peters, Niculae, Martins 2019.
 *
 * @example
 * entmax([1, 0.8, 0.1], 1.25);
 *
 * @param {import('./read.js').Row} x logits
 * @param {number} alpha above 1, finite
 * @param {EntmaxOptions} [options]
 * @returns {Float32Array} probabilities, of the length of x; `out` if given
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function entmax(x, alpha, options) {
  checkNumber('entmax: alpha', alpha, ALPHA);
  return run('entmax', x, alpha, options);
}
