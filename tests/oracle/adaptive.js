import { statistics } from './statistics.js';

/** The sums before the first token: as if the target had been met for ever. */
export function firstSums({ adaptiveTarget = -1, adaptiveDecay = 0.9 }) {
  return { sum: adaptiveTarget / (1 - adaptiveDecay), weight: 1 / (1 - adaptiveDecay) };
}

/** The sums after a token of this probability, before the transformation, was drawn. */
export function nextSums({ sum, weight }, probability, { adaptiveDecay = 0.9 }) {
  return { sum: probability + adaptiveDecay * sum, weight: 1 + adaptiveDecay * weight };
}

/**
 * Adaptive-p (llama.cpp): tokens near a probability that brings the average of those chosen back to the target become
 * the likeliest: x = 5 - 10 d^2 / (1 + d), d = |p - t'| / 0.3, t' = 2 target - average, in [0, 1].
 *
 * @param {import('./chain.js').State} state
 */
export function adaptive(state, { options, context }) {
  const target = options.adaptiveTarget ?? -1;
  if (target < 0) return;
  const { sum, weight } = context.adaptive ?? firstSums(options);
  const adapted = Math.min(1, Math.max(0, weight === 0 ? target : 2 * target - sum / weight));
  const { probs } = statistics(state);
  state.original = new Map(state.survivors.map(({ id }, i) => [id, probs[i]]));
  state.survivors = state.survivors.map(({ id }, i) => {
    const d = Math.abs(probs[i] - adapted) / 0.3;
    return { id, x: 5 - (10 * d * d) / (1 + d) };
  });
  state.temperature = 1;
}
