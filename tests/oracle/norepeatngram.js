/**
 * Bans what would complete an n-gram that the history, prompt included, already has.
 *
 * @param {import('./chain.js').State} state
 */
export function noRepeatNgram(state, { options, context }) {
  const n = options.noRepeatNgramSize ?? 0;
  const history = context.history ?? [];
  if (n === 0 || history.length < n) return;
  const last = history.slice(history.length - n + 1).join();
  const banned = new Set();
  for (let end = n - 1; end < history.length; end++) {
    if (history.slice(end - n + 1, end).join() === last) banned.add(history[end]);
  }
  state.survivors = state.survivors.filter(({ id }) => !banned.has(id));
}
