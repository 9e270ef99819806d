/**
 * What numbers were before the tokens that changed them, so that a rewind can bring them back. A token that changed
 * nothing leaves nothing here.
 */
const FIRST_ROOM = 64;

export class Trail {
  #width;
  /** Entries by ascending position: the position, then the numbers as they were before its token. */
  #entries = new Float64Array(0);
  #count = 0;

  /** @param {number} numbers how many belong together */
  constructor(numbers) {
    this.#width = numbers + 1;
  }

  /**
   * Makes sure that the next `push` cannot fail. Entries that no rewind can reach any more are dropped when room is
   * short, and there is more where a quarter would not be free then.
   * @param {number} oldest the least position that a rewind can go back to
   */
  makeRoom(oldest) {
    const width = this.#width;
    const { length } = this.#entries;
    if ((this.#count + 1) * width <= length) return;
    let first = 0;
    while (first < this.#count && this.#entries[first * width] < oldest) first++;
    const count = this.#count - first;
    let room = length === 0 ? FIRST_ROOM * width : length;
    while ((count + 1) * width > 0.75 * room) room *= 2;
    const entries = room === length ? this.#entries : new Float64Array(room);
    entries.set(this.#entries.subarray(first * width, this.#count * width));
    this.#entries = entries;
    this.#count = count;
  }

  /**
   * Notes numbers before the token of a position changes them.
   * @param {number} position above those of all entries
   * @param {Float64Array} memory
   * @param {number} from index of the first in it
   */
  push(position, memory, from) {
    const to = this.#count * this.#width;
    this.#entries[to] = position;
    for (let i = 1; i < this.#width; i++) this.#entries[to + i] = memory[from + i - 1];
    this.#count++;
  }

  /**
   * Brings back what the numbers were before the token of a position, and forgets what came since.
   * @param {number} position
   * @param {Float64Array} memory
   * @param {number} to index of the first in it
   */
  rewind(position, memory, to) {
    const width = this.#width;
    let count = this.#count;
    while (count > 0 && this.#entries[(count - 1) * width] >= position) count--;
    if (count === this.#count) return;
    for (let i = 1; i < width; i++) memory[to + i - 1] = this.#entries[count * width + i];
    this.#count = count;
  }

  clear() {
    this.#count = 0;
  }
}
