import { logWeights } from './softmax.js';

/**
 * The survivors' weights, the first one's being 1.
 *
 * @param {import('./chain.js').State} state
 * @returns {number[]}
 */
export function weights(state) {
  return logWeights(
    state.survivors.map(({ x }) => x),
    state.temperature,
  ).map((v) => Math.exp(v));
}
