import { round } from './round.js';
import { statistics } from './statistics.js';

/**
 * Quadratic and cubic smoothing (kalomaze) of x / T: with d = the distance below the best (d <= 0), the best's x / T
 * minus k f d^2, plus s f d^3, where k = (3 - c) / 2 and s = (c - 1) / 2.
 *
 * @param {import('./chain.js').State} state
 */
export function smoothing(state, { options }) {
  const f = options.smoothingFactor ?? 0;
  const c = options.smoothingCurve ?? 1;
  if (f === 0) return;
  const { logs } = statistics(state);
  const best = Number.isFinite(state.temperature) ? state.survivors[0].x / state.temperature : 0;
  state.survivors = state.survivors.map(({ id }, i) => {
    const d = logs[i];
    return { id, x: round(d, best - ((3 - c) / 2) * f * d * d + ((c - 1) / 2) * f * d ** 3) };
  });
  state.temperature = 1;
}
