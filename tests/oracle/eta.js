import { keep } from './keep.js';
import { statistics } from './statistics.js';

/**
 * Those of probability min(e, sqrt(e) exp(-H)) or more, e = etaCutoff; Hewitt, Manning, Liang 2022.
 *
 * @param {import('./chain.js').State} state
 */
export function eta(state, { options }) {
  const e = options.etaCutoff ?? 0;
  if (e <= 0) return;
  const { logs, logTotal, entropy } = statistics(state);
  const bound = Math.min(Math.log(e), Math.log(e) / 2 - entropy);
  keep(state, options, logs, (log) => log - logTotal - bound);
}
