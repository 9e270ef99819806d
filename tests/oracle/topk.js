/**
 * The first k, and no fewer than minKeep, which llama.cpp's top-k does not know.
 *
 * @param {import('./chain.js').State} state
 */
export function topK(state, { options, engine }) {
  const k = options.topK ?? 0;
  const least = engine === 'llama.cpp' ? 1 : (options.minKeep ?? 1);
  if (k > 0) state.survivors = state.survivors.slice(0, Math.max(k, least));
}
