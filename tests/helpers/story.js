import { below, random } from './random.js';

/**
 * A history that repeats itself: pieces of what came before are told again, in turn with new tokens. The first third
 * is the prompt.
 *
 * @param {number} length
 * @param {number} vocabulary
 * @param {number} seed
 * @returns {{ history: number[], outputs: boolean[] }}
 */
export function story(length, vocabulary, seed) {
  const next = random(seed);
  const history = [];
  while (history.length < length) {
    if (history.length > 3 && next() < 0.6) {
      const from = below(next, history.length);
      history.push(...history.slice(from, from + 1 + below(next, 6)));
    } else {
      history.push(below(next, vocabulary));
    }
  }
  history.length = length;
  return { history, outputs: history.map((_, i) => i >= length / 3) };
}
