import { statistics } from './statistics.js';

/**
 * The temperature between T - range (not below 0) and T + range that the survivors' entropy stands for, as a share of
 * the largest possible; null where there is no choice to be made (one survivor). A T below 0 keeps its sign.
 *
 * @param {import('./chain.js').State} state
 * @returns {number | null}
 */
export function dynamicTemperature(state, { temperature = 1, dynatempRange = 0, dynatempExponent = 1 }) {
  const size = Math.abs(temperature);
  const least = Math.max(0, size - dynatempRange);
  const most = size + dynatempRange;
  const count = state.survivors.length;
  if (count < 2) return null;
  const share = statistics(state).entropy / Math.log(count);
  return Math.sign(temperature) * (least + (most - least) * share ** dynatempExponent);
}

/**
 * The same by llama.cpp's rule: every parameter and intermediate value is float32, sums are taken from the likeliest
 * on, a T below 0 is no special case, and its candidates include those that were banned but not yet cut off. Without
 * these roundings the temperature differs by up to 1e-6 of it, and far tokens' probabilities by several times that.
 *
 * @param {import('./chain.js').State} state
 * @returns {number | null}
 */
export function llamaTemperature(state, { temperature = 1, dynatempRange = 0, dynatempExponent = 1 }) {
  const f = Math.fround;
  const least = Math.max(0, f(f(temperature) - f(dynatempRange)));
  const most = f(f(temperature) + f(dynatempRange));
  if (state.slots < 2) return null;
  const best = state.survivors[0].x;
  const weights = state.survivors.map(({ x }) => f(Math.exp(f(x - best))));
  const total = weights.reduce((a, b) => f(a + b), 0);
  const entropy = weights
    .map((w) => f(w / total))
    .reduce((h, p) => (p > 0 ? f(h - f(p * f(Math.log(p)))) : h), 0);
  const share = f(entropy / -f(Math.log(f(1 / state.slots))));
  return f(least + f(f(most - least) * f(share ** f(dynatempExponent))));
}
