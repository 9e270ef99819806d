import { endsWith, entries } from './entries.js';

/**
 * What sequenceBias adds to single tokens now: a sequence's bias counts for its last token where the others are the
 * end of the history.
 *
 * @returns {Map<number, number>}
 */
export function sequenceBias(table, history) {
  const sums = new Map();
  for (const [tokens, value] of entries(table)) {
    if (!endsWith(history, tokens.slice(0, -1))) continue;
    sums.set(tokens.at(-1), (sums.get(tokens.at(-1)) ?? 0) + value);
  }
  return sums;
}
