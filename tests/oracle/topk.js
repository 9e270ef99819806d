/**
 * The first k, and no fewer than minKeep.
 *
 * @param {import('./chain.js').State} state
 */
export function topK(state, { options }) {
  const k = options.topK ?? 0;
  if (k > 0) state.survivors = state.survivors.slice(0, Math.max(k, options.minKeep ?? 1));
}
