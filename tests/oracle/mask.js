/**
 * Bans every token whose bit is 0 (bit v & 31 of word v >> 5), and the tokens behind the last word.
 *
 * @param {import('./chain.js').State} state
 */
export function mask(state, { context }) {
  const words = context.mask;
  if (!words) return;
  const allowed = (id) => id >> 5 < words.length && ((words[id >> 5] >>> (id & 31)) & 1) === 1;
  state.survivors = state.survivors.filter(({ id }) => allowed(id));
}
