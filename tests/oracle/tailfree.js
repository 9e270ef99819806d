import { keepFirst } from './keep.js';
import { statistics } from './statistics.js';

/**
 * Tail free sampling (Phoenix, Egan 2019): over the survivors' probabilities in descending order, the absolute second
 * differences; the first survivor, and one more for each running sum of theirs that is at most z times the last.
 *
 * @param {import('./chain.js').State} state
 */
export function tailFree(state, { options }) {
  const z = options.tailFree ?? 1;
  const { probs } = statistics(state);
  if (z >= 1 || probs.length < 3) return;
  let total = 0;
  const sums = probs.slice(2).map((p, i) => {
    total += Math.abs(p - 2 * probs[i + 1] + probs[i]);
    return total;
  });
  if (total === 0) return;
  let count = 1;
  for (const sum of sums) {
    if (count >= (options.minKeep ?? 1))
      state.margin = Math.min(state.margin, Math.abs(sum - z * total) / total);
    if (sum > z * total) break;
    count++;
  }
  keepFirst(state, options, count);
}
