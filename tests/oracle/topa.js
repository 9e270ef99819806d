import { keep } from './keep.js';
import { statistics } from './statistics.js';

/**
 * Those of probability a pmax^2 or more (KoboldAI).
 *
 * @param {import('./chain.js').State} state
 */
export function topA(state, { options }) {
  const a = options.topA ?? 0;
  if (a <= 0) return;
  const { logs, logTotal } = statistics(state);
  keep(state, options, logs, (log) => log - Math.log(a) + logTotal);
}
