/** A growing list of entries (lk_entry of the core) in the library's memory. */
import { LK } from '../dist/abi.js';
import { allocate, release, u8, u32 } from './arena.js';

const FIRST_ROOM = 32;

export class Pile {
  /** Where the entries stand; 0 as long as there was none. */
  at = 0;
  count = 0;
  #room = 0;

  /**
   * Appends an entry.
   * @param {number} token
   * @param {number} length
   * @throws {RangeError} memory that cannot grow; the entries are as they were then
   */
  push(token, length) {
    if (this.count === this.#room) this.#double();
    const i = (this.at + this.count * LK.ENTRY) >>> 2;
    u32[i] = token;
    u32[i + 1] = length;
    this.count++;
  }

  #double() {
    const room = this.#room === 0 ? FIRST_ROOM : 2 * this.#room;
    const at = allocate(room * LK.ENTRY, 'Sampler: tokens of the history');
    u8.copyWithin(at, this.at, this.at + this.count * LK.ENTRY);
    release(this.at);
    this.at = at;
    this.#room = room;
  }

  dispose() {
    release(this.at);
    this.at = 0;
    this.count = 0;
    this.#room = 0;
  }
}
