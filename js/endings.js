/**
 * Which of many token sequences the history stands before the end of: all but their last tokens are its last tokens. A
 * tree over those, read backwards, so that a step costs what matches, however many sequences there are.
 */

/** @typedef {{ next: Map<number, Node>, sequences: number[] }} Node */

/** @returns {Node} */
const node = () => ({ next: new Map(), sequences: [] });

export class Endings {
  /** The numbers of the sequences that `find` found: those of a single token first, in the order of their lengths. */
  found;
  /** How many sequences have a single token: they are always found. */
  always;
  /** The most tokens that have to be there already. */
  reach = 0;
  #root = node();
  #output;

  /**
   * @param {readonly (readonly number[])[]} sequences none is empty
   * @param {boolean} [output] they may not begin in the prompt
   */
  constructor(sequences, output = false) {
    this.#output = output;
    this.found = new Int32Array(sequences.length);
    sequences.forEach((tokens, number) => {
      if (tokens.length - 1 > this.reach) this.reach = tokens.length - 1;
      let at = this.#root;
      for (let i = tokens.length - 2; i >= 0; i--) {
        const next = at.next.get(tokens[i]) ?? node();
        at.next.set(tokens[i], next);
        at = next;
      }
      at.sequences.push(number);
    });
    this.always = this.#root.sequences.length;
    this.found.set(this.#root.sequences);
  }

  /** @param {import('./history.js').History} history @returns {number} how many are found */
  find(history) {
    const { end } = history;
    const first = this.#output && history.outputFirst > history.first ? history.outputFirst : history.first;
    let count = this.always;
    let at = this.#root.next.size > 0 && end > first ? this.#root.next.get(history.at(end - 1)) : undefined;
    for (let i = end - 2; at !== undefined; i--) {
      for (let j = 0; j < at.sequences.length; j++) this.found[count++] = at.sequences[j];
      at = i >= first ? at.next.get(history.at(i)) : undefined;
    }
    return count;
  }
}
