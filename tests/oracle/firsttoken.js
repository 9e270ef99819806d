import { keep } from './keep.js';
import { statistics } from './statistics.js';

/**
 * First Token Cutoff (antirez 2024), by his prose: those with 1 - p / pmax <= co.
 *
 * @param {import('./chain.js').State} state
 */
export function firstToken(state, { options }) {
  const cutoff = options.firstTokenCutoff ?? 1;
  if (cutoff >= 1) return;
  const { logs } = statistics(state);
  const bound = Math.log1p(-cutoff);
  keep(state, options, logs, (log) => log - bound);
}
