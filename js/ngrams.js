/**
 * For the stage noRepeatNgram: which tokens would complete an n-gram that the history, prompt included, has already.
 * Paulus, Xiong, Socher 2017; the rule is Hugging Face's.
 */
import { Grams, LONGEST } from './grams.js';

export class Ngrams {
  /** The index, which an Ngrams of other settings may go on with. */
  grams;
  #history;
  /** How many tokens have to be there already. */
  #before;

  /**
   * @param {import('./history.js').History} history
   * @param {number} size n, at least 1
   * @param {Grams} [grams] of an earlier one
   */
  constructor(history, size, grams) {
    this.#history = history;
    this.#before = size - 1;
    const length = this.#before < LONGEST ? this.#before : LONGEST;
    this.grams = grams?.length === length ? grams : new Grams(history, length);
  }

  /**
   * Writes the tokens. One may come several times.
   * @param {import('./pile.js').Pile} pile emptied
   */
  find(pile) {
    const { grams } = this;
    const { first, end } = this.#history;
    if (end - this.#before < first) return;
    // What the hash does not cover has to be behind `first`, too.
    const least = first + this.#before - grams.length;
    let last = -1;
    for (let q = grams.before(end, least); q >= 0; q = grams.before(q, least)) {
      const token = this.#history.at(q);
      if (token === last || !this.#same(q, end)) continue;
      pile.push(token, 0);
      last = token;
    }
  }

  /** Whether the tokens beyond those that `grams` compared are equal. @param {number} a @param {number} b */
  #same(a, b) {
    for (let i = this.grams.length + 1; i <= this.#before; i++) {
      if (this.#history.at(a - i) !== this.#history.at(b - i)) return false;
    }
    return true;
  }
}
