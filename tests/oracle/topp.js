import { weights } from './weights.js';

/**
 * Those before which less than topP of the mass stands (the one that crosses stays), and no fewer than minKeep. What
 * float32 may be off by, 2^-21, is taken from topP, so that a bound met exactly is met (logitkit.h).
 *
 * @param {import('./chain.js').State} state
 */
export function topP(state, { options }) {
  if ((options.topP ?? 1) >= 1) return;
  const p = options.topP * (1 - 2 ** -21);
  const w = weights(state);
  const total = w.reduceRight((a, b) => a + b, 0);
  state.beforeTopP = state.survivors;
  let before = 0;
  let kept = 0;
  for (; kept < w.length; kept++) {
    if (kept >= (options.minKeep ?? 1)) {
      state.margin = Math.min(state.margin, Math.abs(before / total - p));
      if (before >= p * total) break;
    }
    before += w[kept];
  }
  state.survivors = state.survivors.slice(0, kept);
}
