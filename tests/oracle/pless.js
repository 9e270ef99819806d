import { keep } from './keep.js';
import { statistics } from './statistics.js';

/**
 * Those at least as likely as two draws are to agree: p >= sum of p^2.
 *
 * @param {import('./chain.js').State} state
 */
export function pLess(state, { options }) {
  if (!options.pLess) return;
  const { logs, logTotal, logSquares } = statistics(state);
  keep(state, options, logs, (log) => log + logTotal - logSquares);
}
