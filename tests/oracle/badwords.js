import { endsWith } from './entries.js';

/**
 * Bans the last token of every bad word whose other tokens are the end of the history.
 *
 * @param {import('./chain.js').State} state
 */
export function badWords(state, { options, context }) {
  const history = context.history ?? [];
  const words = (options.badWords ?? []).filter((word) => endsWith(history, word.slice(0, -1)));
  const banned = new Set(words.map((word) => word.at(-1)));
  state.survivors = state.survivors.filter(({ id }) => !banned.has(id));
}
