/**
 * The oracle: what logitkit must compute, in float64 by the plainest means, importing nothing from js/.
 *
 * -Infinity is a masked logit under every temperature. A temperature of 0 is the limit from above, a negative one
 * inverts, an infinite one is uniform over what is not masked. +Infinity takes all mass for T >= 0 and none for
 * T < 0, unless nothing else is left.
 */

/** The temperature that `base` and `temperature` stand for: N^(x/T) is e^(x ln N / T). */
export function effectiveTemperature({ temperature = 1, base = undefined } = {}) {
  if (base === undefined) return temperature;
  if (base === 1) return Number.POSITIVE_INFINITY;
  return temperature / Math.log(base);
}

/**
 * Log-weights relative to the likeliest token (whose log-weight is 0), -Infinity where the probability is 0.
 *
 * @param {ArrayLike<number>} x
 * @param {number} temperature
 * @returns {number[]}
 */
export function logWeights(x, temperature) {
  const row = Array.from(x);
  const open = row.filter((v) => v !== Number.NEGATIVE_INFINITY);
  if (open.length === 0) throw new Error('the oracle has no law for a row without open logits');
  const masked = Number.NEGATIVE_INFINITY;
  if (Math.abs(temperature) === Number.POSITIVE_INFINITY) return row.map((v) => (v === masked ? masked : 0));
  const best = temperature < 0 ? least(open) : greatest(open);
  if (temperature === 0 || !Number.isFinite(best)) return row.map((v) => (v === best ? 0 : masked));
  return row.map((v) => (v === masked ? masked : (v - best) / temperature));
}

function greatest(values) {
  return values.reduce((a, b) => Math.max(a, b));
}

function least(values) {
  return values.reduce((a, b) => Math.min(a, b));
}

/** Sum of the weights beyond the first of weight 1: kept apart so that log1p stays accurate near a certain token. */
function sumBeyondBest(logs) {
  const weights = Float64Array.from(logs, (v) => Math.exp(v)).sort();
  return weights.subarray(0, -1).reduce((a, b) => a + b, 0);
}

/**
 * @param {ArrayLike<number>} x
 * @param {{ temperature?: number, base?: number }} [options]
 * @returns {Float64Array}
 */
export function softmax(x, options) {
  const logs = logWeights(x, effectiveTemperature(options));
  const total = 1 + sumBeyondBest(logs);
  return Float64Array.from(logs, (v) => Math.exp(v) / total);
}

/**
 * @param {ArrayLike<number>} x
 * @param {{ temperature?: number, base?: number }} [options]
 * @returns {Float64Array}
 */
export function logSoftmax(x, options) {
  const logs = logWeights(x, effectiveTemperature(options));
  const logTotal = Math.log1p(sumBeyondBest(logs));
  return Float64Array.from(logs, (v) => v - logTotal);
}

/**
 * ln of the sum of exp(x / T) over the open logits; -Infinity when there are none. At T = 0 it is the limit: the sign
 * of the greatest logit at infinity, or the log of how many share a greatest logit of 0.
 *
 * @param {ArrayLike<number>} x
 * @param {{ temperature?: number, base?: number }} [options]
 * @returns {number}
 */
export function logSumExp(x, options) {
  const temperature = effectiveTemperature(options);
  const open = Array.from(x).filter((v) => v !== Number.NEGATIVE_INFINITY);
  if (open.length === 0) return Number.NEGATIVE_INFINITY;
  const logTotal = Math.log1p(sumBeyondBest(logWeights(open, temperature)));
  const best = temperature < 0 ? least(open) : greatest(open);
  if (Math.abs(temperature) === Number.POSITIVE_INFINITY || best === 0) return logTotal;
  return best / temperature + logTotal;
}
