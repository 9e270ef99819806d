/**
 * Where the last m tokens of a history occurred before: an index that follows the history token by token.
 *
 * A place is the number of tokens before it. Place q stands for the m tokens that end there, so the token that follows
 * them is number q. Places with the same hash form a chain, the latest first; a rewind takes places off the front of
 * their chains, in the opposite order. Places are kept in a ring, as long as the history still stores their tokens.
 */

const FIRST_ROOM = 64;
/** Longer grams are told apart by comparing tokens anyway: hashing more of them would cost more than it saves. */
export const LONGEST = 8;

export class Grams {
  /** Tokens of a gram. */
  length;
  #history;
  /** The first place indexed, and one past the last: all between are. */
  #oldest;
  #next;
  /** The latest place of each chain, -1 for none. */
  #heads = new Int32Array(FIRST_ROOM).fill(-1);
  /** Hash of each place's gram, and the place before it in the chain. */
  #hashes = new Int32Array(FIRST_ROOM);
  #previous = new Int32Array(FIRST_ROOM);

  /** @param {import('./history.js').History} history @param {number} length in [0, LONGEST] */
  constructor(history, length) {
    this.#history = history;
    this.length = length;
    this.#oldest = length;
    this.#next = length;
  }

  /** Follows the history to its end. */
  sync() {
    const { low, end, stored } = this.#history;
    if (low === 0 || low < this.#oldest) this.#clear(low > this.length ? low : this.length);
    while (this.#next > low + 1) this.#drop();
    if (end < this.#next) return;
    // What came and was forgotten between two calls is left out.
    const first = stored + this.length;
    if (first > this.#next) this.#clear(first);
    this.#makeRoom(end - stored + 1);
    for (; this.#next <= end; this.#next++) this.#add(this.#next);
  }

  /** Forgets all places: the next one will be `place`. @param {number} place */
  #clear(place) {
    this.#heads.fill(-1);
    this.#oldest = place;
    this.#next = place;
  }

  /** @param {number} place */
  #add(place) {
    let hash = 0;
    for (let i = place - this.length; i < place; i++) {
      hash = Math.imul(hash ^ this.#history.at(i), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    this.#link(place, hash);
  }

  /** @param {number} place @param {number} hash */
  #link(place, hash) {
    const at = place & (this.#hashes.length - 1);
    const chain = hash & (this.#heads.length - 1);
    this.#hashes[at] = hash;
    this.#previous[at] = this.#heads[chain];
    this.#heads[chain] = place;
  }

  #drop() {
    const at = --this.#next & (this.#hashes.length - 1);
    this.#heads[this.#hashes[at] & (this.#heads.length - 1)] = this.#previous[at];
  }

  /** Room for so many places: chains stay about as short as they can be. @param {number} places */
  #makeRoom(places) {
    const old = this.#hashes;
    let room = old.length;
    while (room < places) room *= 2;
    if (room === old.length) return;
    const heads = new Int32Array(room).fill(-1);
    const hashes = new Int32Array(room);
    const previous = new Int32Array(room);
    this.#heads = heads;
    this.#hashes = hashes;
    this.#previous = previous;
    const last = this.#next - old.length;
    for (let q = last > this.#oldest ? last : this.#oldest; q < this.#next; q++) {
      this.#link(q, old[q & (old.length - 1)]);
    }
  }

  /**
   * The latest place before `place` where the same gram ends and begins at or after token `first`; -1 if there is none.
   * @param {number} place indexed
   * @param {number} first
   */
  before(place, first) {
    const { length } = this;
    const mask = this.#hashes.length - 1;
    const end = this.#history.end;
    const hash = this.#hashes[end & mask];
    for (let q = this.#previous[place & mask]; q - length >= first; q = this.#previous[q & mask]) {
      if (this.#hashes[q & mask] === hash && this.#same(q, end)) return q;
    }
    return -1;
  }

  /** @param {number} a @param {number} b two places */
  #same(a, b) {
    for (let i = 1; i <= this.length; i++) {
      if (this.#history.at(a - i) !== this.#history.at(b - i)) return false;
    }
    return true;
  }
}
