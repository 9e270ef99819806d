import { statistics } from './statistics.js';

/**
 * Exclude Top Choices (p-e-w 2024), when it fires: of the tokens of probability xtcThreshold or more only the least
 * likely stays, unless fewer than minKeep would remain. `context.xtc` says whether it does; the law mixes both.
 *
 * @param {import('./chain.js').State} state
 */
export function xtc(state, { options, context }) {
  if (!context.xtc) return;
  const threshold = options.xtcThreshold ?? 0.1;
  const { probs } = statistics(state);
  let count = 0;
  while (count < probs.length && probs[count] >= threshold) count++;
  for (const i of [count - 1, count])
    if (probs[i] > 0 && threshold > 0)
      state.margin = Math.min(state.margin, Math.abs(Math.log(probs[i] / threshold)));
  if (count > 1 && probs.length - (count - 1) >= (options.minKeep ?? 1)) {
    state.survivors = state.survivors.slice(count - 1);
    state.slots -= count - 1;
  }
}
