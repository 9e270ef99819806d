import { keep } from './keep.js';

/**
 * Those within n standard deviations (of the population of survivors) of the best logit, whatever the temperature;
 * Tang et al. 2024. llama.cpp's protects none by minKeep.
 *
 * @param {import('./chain.js').State} state
 */
export function topNSigma(state, { options, engine }) {
  const n = options.topNSigma ?? 0;
  if (n <= 0) return;
  const sign = state.temperature < 0 ? -1 : 1;
  const best = sign * state.survivors[0].x;
  const logs = state.survivors.map(({ x }) => sign * x - best);
  const mean = logs.reduceRight((a, v) => a + v, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduceRight((a, v) => a + (v - mean) ** 2, 0) / logs.length);
  const protecting = engine === 'llama.cpp' ? {} : options;
  keep(state, protecting, logs, (log) => (log === Number.NEGATIVE_INFINITY ? -1 : log + n * deviation));
}
