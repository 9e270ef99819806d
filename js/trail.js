/**
 * What numbers were before the tokens that changed them, so that a rewind can bring them back. A token that changed
 * nothing leaves nothing here.
 */
import { Tape } from './tape.js';

export class Trail {
  #width;
  /** Entries by ascending position: the position, then the numbers as they were before its token. */
  #entries;
  /** The first entry that a rewind may still need, and one past the last. */
  #first = 0;
  #end = 0;

  /** @param {number} numbers how many belong together */
  constructor(numbers) {
    this.#width = numbers + 1;
    this.#entries = new Tape(Float64Array, this.#width);
  }

  /**
   * Makes sure that the next `push` cannot fail.
   * @param {number} oldest the least position that a rewind can go back to; entries before are dropped where that makes room
   */
  makeRoom(oldest) {
    if (this.#entries.hasRoom(this.#width)) return;
    this.#forget(oldest);
    this.#entries.makeRoom(this.#width, this.#first * this.#width);
  }

  /** @param {number} oldest */
  #forget(oldest) {
    while (this.#first < this.#end && this.#entries.at(this.#first * this.#width) < oldest) this.#first++;
  }

  /**
   * Notes numbers before the token of a position changes them.
   * @param {number} position above those of all entries
   * @param {Float64Array} memory
   * @param {number} from index of the first in it
   */
  push(position, memory, from) {
    this.#entries.push(position);
    for (let i = 1; i < this.#width; i++) this.#entries.push(memory[from + i - 1]);
    this.#end++;
  }

  /**
   * Brings back what the numbers were before the token of a position, and forgets what came since.
   * @param {number} position
   * @param {Float64Array} memory
   * @param {number} to index of the first in it
   */
  rewind(position, memory, to) {
    const width = this.#width;
    let end = this.#end;
    while (end > this.#first && this.#entries.at((end - 1) * width) >= position) end--;
    if (end === this.#end) return;
    for (let i = 1; i < width; i++) memory[to + i - 1] = this.#entries.at(end * width + i);
    this.#entries.truncate(end * width);
    this.#end = end;
  }

  /** Another with the same entries. */
  fork() {
    const twin = new Trail(this.#width - 1);
    twin.#entries = this.#entries.fork(this.#first * this.#width);
    twin.#first = this.#first;
    twin.#end = this.#end;
    return twin;
  }

  /** The entries that a rewind may need. @param {number} oldest as in makeRoom @returns {Float64Array} */
  save(oldest) {
    this.#forget(oldest);
    return /** @type {Float64Array} */ (this.#entries.slice(this.#first * this.#width));
  }

  clear() {
    this.#entries.clear();
    this.#first = 0;
    this.#end = 0;
  }
}
