/**
 * alpha-entmax from its definition: of all probability vectors the one that maximises p.x + H(p), H Tsallis' entropy of
 * order alpha. By the sort of the papers: with the k greatest inside, the threshold is where those k alone sum to 1, and
 * the right k is the greatest for which the k-th is still above that threshold. Martins, Astudillo 2016 (alpha = 2);
 * Peters, Niculae, Martins 2019.
 */
import { effectiveTemperature, logWeights } from './softmax.js';

/** Where the first k of the descending y = (alpha - 1) x sum to 1, in closed form. */
function threshold(y, k, alpha) {
  const first = y.slice(0, k);
  const mean = first.reduceRight((a, b) => a + b, 0) / k;
  if (alpha === 2) return mean - 1 / k;
  const spread = first.reduceRight((a, b) => a + (b - mean) ** 2, 0);
  return mean - Math.sqrt((1 - spread) / k);
}

function byClosedForm(y, alpha) {
  const sorted = y.filter((v) => v > -1).sort((a, b) => b - a);
  let t = threshold(sorted, 1, alpha);
  for (let k = 2; k <= sorted.length; k++) {
    const next = threshold(sorted, k, alpha);
    if (!(sorted[k - 1] > next)) break;
    t = next;
  }
  return y.map((v) => Math.max(0, v - t) ** (1 / (alpha - 1)));
}

/** Between the two neighbouring thresholds that bisection ends with, as their sums are to 1: for a great alpha they jump. */
function byBisection(y, alpha) {
  const at = (t) => y.map((v) => Math.max(0, v - t) ** (1 / (alpha - 1)));
  const sum = (p) => p.reduceRight((a, b) => a + b, 0);
  let [low, high] = [-1, 0];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (sum(at(middle)) >= 1) low = middle;
    else high = middle;
  }
  const [some, few] = [at(low), at(high)];
  const share = (sum(some) - 1) / (sum(some) - sum(few));
  return some.map((p, i) => p + share * (few[i] - p));
}

/**
 * @param {ArrayLike<number>} x
 * @param {number} alpha above 1
 * @param {{ temperature?: number }} [options]
 * @returns {Float64Array}
 */
export function entmax(x, alpha, options) {
  const y = logWeights(x, effectiveTemperature(options)).map((v) => (v === 0 ? 0 : (alpha - 1) * v));
  return Float64Array.from(alpha === 2 || alpha === 1.5 ? byClosedForm(y, alpha) : byBisection(y, alpha));
}
