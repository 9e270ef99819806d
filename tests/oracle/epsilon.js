import { keep } from './keep.js';
import { statistics } from './statistics.js';

/**
 * Those of probability epsilonCutoff or more; Hewitt, Manning, Liang 2022.
 *
 * @param {import('./chain.js').State} state
 */
export function epsilon(state, { options }) {
  const bound = options.epsilonCutoff ?? 0;
  if (bound <= 0) return;
  const { logs, logTotal } = statistics(state);
  keep(state, options, logs, (log) => log - logTotal - Math.log(bound));
}
