import { keepFirst } from './keep.js';
import { statistics } from './statistics.js';

/** Survivors that top-h looks at. */
const CANDIDATES = 100;

/**
 * Top-h (Potraghloo et al. 2025; Hugging Face's TopHLogitsWarper): of the 100 likeliest, renormalised, those whose
 * running sum of -p ln p is at most h times the last such sum; the first always.
 *
 * @param {import('./chain.js').State} state
 */
export function topH(state, { options }) {
  const h = options.topH ?? 0;
  if (h <= 0) return;
  const first = { ...state, survivors: state.survivors.slice(0, CANDIDATES) };
  const { probs, logs, logTotal } = statistics(first);
  let total = 0;
  const sums = probs.map((p, i) => {
    if (p > 0) total -= p * (logs[i] - logTotal);
    return total;
  });
  let count = 1;
  for (; count < sums.length; count++) {
    const over = sums[count] - h * total;
    // With h = 1 the last sums are those of tokens that weigh nothing: no rounding can tell them from the total.
    if (count >= (options.minKeep ?? 1) && sums[count] < total)
      state.margin = Math.min(state.margin, Math.abs(over));
    if (over > 0) break;
  }
  keepFirst(state, options, count);
}
