import { core } from './instance.js';
import { Rows } from './rows.js';

const NAMES = ['temperature', 'base', 'out', 'rows', 'dtype'];

/**
 * @typedef {import('./rows.js').RowOptions & import('./rows.js').TemperatureOptions
 *   & import('./rows.js').OutOptions} SoftmaxOptions
 */

/**
 * Probabilities: e^(x_i / T) / sum over j of e^(x_j / T).
 *
 * T = 0 is the limit (the maxima share all mass), T < 0 inverts the order, T = ±Infinity is uniform over what is not
 * masked. A logit of -Infinity is masked: its probability is 0 under every temperature. +Infinity shares all mass for
 * T >= 0 and has none for T < 0, unless nothing else is left. float64 and number[] are shifted by their winner before
 * they are rounded: [1e8, 1e8 + 1] is exact.
 *
 * @example
 * softmax([1, 5, 6, 3]); // [0.0047, 0.2583, 0.7020, 0.0350]
 * softmax([1, 5, 6, 3], { temperature: 0.5 });
 * softmax([1, 5, 6, 3, 2, 2, 0, 1], { rows: 2 }); // of [1, 5, 6, 3] and of [2, 2, 0, 1]
 *
 * @param {import('./read.js').Row} x logits
 * @param {SoftmaxOptions} [options]
 * @returns {Float32Array} probabilities, of the length of x; `out` if given
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function softmax(x, options) {
  return new Rows('softmax', x, options, NAMES).map(core().lk_softmax);
}

/**
 * Log-probabilities in nats: x_i / T - ln(sum over j of e^(x_j / T)). Accurate where a probability is near 1 and where
 * it would underflow. -Infinity where the probability is 0. Otherwise as `softmax`.
 *
 * @param {import('./read.js').Row} x logits
 * @param {SoftmaxOptions} [options]
 * @returns {Float32Array} log-probabilities, of the length of x; `out` if given
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function logSoftmax(x, options) {
  return new Rows('logSoftmax', x, options, NAMES).map(core().lk_log_softmax);
}
