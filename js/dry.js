/**
 * For the stage dry: which tokens would extend a repetition of the history's end, and how long it is. p-e-w 2024, "Don't
 * Repeat Yourself"; sequence breakers by llama.cpp's rule.
 *
 * Lengths are found in the manner of the Z-algorithm (Gusfield 1997), backwards from the end, but only at the places
 * where as many tokens as matter at least have occurred before: the work is what matches, whatever the history's length.
 */
import { Grams, LONGEST } from './grams.js';

const FIRST_ROOM = 64;

export class Dry {
  /** The index, which a Dry of other settings may go on with. */
  grams;
  #history;
  #allowed;
  #window;
  /** Breakers by their first token, the longest first. @type {Map<number, (readonly number[])[]>} */
  #breakers = new Map();
  #longestBreaker = 0;
  /** Breakers of one token, which are never penalised. @type {Set<number>} */
  #single = new Set();

  /** Distances from the end at which something matches, ascending, and for each distance how many tokens do. */
  #distances = new Int32Array(FIRST_ROOM);
  #matched = new Int32Array(FIRST_ROOM);
  #count = 0;

  /**
   * @param {import('./history.js').History} history
   * @param {number} allowed repetitions up to below this are free
   * @param {number} window how many of the last tokens are looked at, -1 for all that are remembered
   * @param {readonly (readonly number[])[]} breakers
   * @param {Grams} [grams] of an earlier one
   */
  constructor(history, allowed, window, breakers, grams) {
    const length = allowed < LONGEST ? allowed : LONGEST;
    this.#history = history;
    this.#allowed = allowed;
    this.#window = window;
    this.grams = grams?.length === length ? grams : new Grams(history, length);
    for (const breaker of breakers) {
      const same = this.#breakers.get(breaker[0]) ?? [];
      same.push(breaker);
      same.sort((a, b) => b.length - a.length);
      this.#breakers.set(breaker[0], same);
      if (breaker.length > this.#longestBreaker) this.#longestBreaker = breaker.length;
      if (breaker.length === 1) this.#single.add(breaker[0]);
    }
  }

  /**
   * Writes token and length of every repetition that the next token could extend. A token may come several times.
   * @param {import('./pile.js').Pile} pile emptied
   */
  find(pile) {
    const { first, end } = this.#history;
    const from = this.#window < 0 || end - this.#window < first ? first : end - this.#window;
    const longest = this.#match(from, end);
    const limit = this.#sinceBreaker(from, end, longest);
    if (limit < this.#allowed) return;
    let last = -1;
    let least = 0;
    for (let i = 0; i < this.#count; i++) {
      const distance = this.#distances[i];
      const length = this.#matched[distance] < limit ? this.#matched[distance] : limit;
      if (length < this.#allowed) continue;
      const token = this.#history.at(end - distance);
      if (this.#single.has(token) || (token === last && length <= least)) continue;
      pile.push(token, length);
      last = token;
      least = length;
    }
  }

  /**
   * Fills `#distances` and `#matched`. A match of the tokens before the end with those `distance` before it says what
   * the matches inside of it are, up to its border: only behind that tokens are compared.
   * @param {number} from the first token to look at
   * @param {number} end
   * @returns {number} the longest match
   */
  #match(from, end) {
    const { grams } = this;
    const history = this.#history;
    this.#count = 0;
    if (end - grams.length < from) return 0;
    let longest = 0;
    // The match that reaches furthest back: it starts at this distance, and this far back it holds.
    let start = 0;
    let border = 0;
    // A match without tokens still needs one to stand behind, hence the 1.
    const least = grams.length === 0 ? from + 1 : from;
    for (let q = grams.before(end, least); q >= 0; q = grams.before(q, least)) {
      const distance = end - q;
      const inside = border - distance;
      let length = 0;
      if (inside >= grams.length && inside > 0 && this.#matched[distance - start] < inside) {
        length = this.#matched[distance - start];
      } else {
        length = inside > grams.length ? inside : grams.length;
        while (q - length > from && history.at(q - 1 - length) === history.at(end - 1 - length)) length++;
        start = distance;
        border = distance + length;
      }
      this.#note(distance, length);
      if (length > longest) longest = length;
    }
    return longest;
  }

  /** @param {number} distance @param {number} length */
  #note(distance, length) {
    if (this.#count === this.#distances.length) this.#distances = doubled(this.#distances, this.#count + 1);
    if (distance >= this.#matched.length) this.#matched = doubled(this.#matched, distance + 1);
    this.#distances[this.#count++] = distance;
    this.#matched[distance] = length;
  }

  /**
   * How many tokens stand behind the breaker whose first token is nearest to the end, the longest where several begin
   * with it. What is further back than the longest match does not matter.
   * @param {number} from
   * @param {number} end
   * @param {number} longest
   */
  #sinceBreaker(from, end, longest) {
    const furthest = end - longest - this.#longestBreaker;
    const last = furthest > from ? furthest : from;
    for (let start = end - 1; start >= last && this.#longestBreaker > 0; start--) {
      const length = this.#breakerAt(start, end);
      if (length > 0) return end - start - length;
    }
    return longest;
  }

  /** Tokens of the longest breaker that begins at `start` and is complete; 0 for none. @param {number} start @param {number} end */
  #breakerAt(start, end) {
    const breakers = this.#breakers.get(this.#history.at(start));
    for (let i = 0; breakers !== undefined && i < breakers.length; i++) {
      const breaker = breakers[i];
      let j = 0;
      while (j < breaker.length && start + j < end && this.#history.at(start + j) === breaker[j]) j++;
      if (j === breaker.length) return j;
    }
    return 0;
  }
}

/** @param {Int32Array} old @param {number} need */
function doubled(old, need) {
  let room = old.length;
  while (room < need) room *= 2;
  const array = new Int32Array(room);
  array.set(old);
  return array;
}
