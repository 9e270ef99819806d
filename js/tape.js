/**
 * Numbers in a row, counted from 0: added and taken away at the end, forgotten from the front. Forks share what they
 * have in common: it is frozen, and each goes on in a piece of its own.
 */
/** Of entries. */
const FIRST_ROOM = 64;

export class Tape {
  /** One past the last number. */
  end = 0;
  /** @type {Int32ArrayConstructor | Float64ArrayConstructor} */
  #kind;
  #width;
  /** Never written: forks may read it, too. Its first number is number #sharedFrom; from number #from on it does not count. */
  #shared;
  #sharedFrom = 0;
  #own;
  #from = 0;

  /**
   * @param {Int32ArrayConstructor | Float64ArrayConstructor} kind
   * @param {number} [width] how many numbers come at once
   * @param {number} [end] as if so many were forgotten
   */
  constructor(kind, width = 1, end = 0) {
    this.#kind = kind;
    this.#width = width;
    this.#own = new kind(0);
    this.#shared = this.#own;
    this.#sharedFrom = end;
    this.#from = end;
    this.end = end;
  }

  /** Number i, there and not forgotten. @param {number} i */
  at(i) {
    return i < this.#from ? this.#shared[i - this.#sharedFrom] : this.#own[i - this.#from];
  }

  /** Whether so many `push` need no room to be made. @param {number} more */
  hasRoom(more) {
    return this.end - this.#from + more <= this.#own.length;
  }

  /**
   * Makes sure that so many `push` cannot fail: by dropping what is forgotten, and with more memory where a quarter would
   * not be free then.
   * @param {number} more
   * @param {number} kept what comes before is forgotten
   */
  makeRoom(more, kept) {
    if (this.hasRoom(more)) return;
    const { length } = this.#own;
    const from = kept > this.#from ? kept : this.#from;
    let room = length > 0 ? length : FIRST_ROOM * this.#width;
    while (this.end - from + more > 0.75 * room) room *= 2;
    const own = room === length ? this.#own : new this.#kind(room);
    own.set(this.#own.subarray(from - this.#from, this.end - this.#from));
    this.#own = own;
    if (kept < from) return;
    this.#from = from;
    this.#sharedFrom = from;
    this.#shared = new this.#kind(0);
  }

  /** @param {number} value */
  push(value) {
    this.#own[this.end++ - this.#from] = value;
  }

  /** Takes away all from number `end` on. @param {number} end not forgotten */
  truncate(end) {
    this.end = end;
    if (end < this.#from) this.#from = end;
  }

  /** A copy of the numbers from `first` on. @param {number} first not forgotten */
  slice(first) {
    const all = new this.#kind(this.end - first);
    const shared = first < this.#from ? this.#from - first : 0;
    if (shared > 0) all.set(this.#shared.subarray(first - this.#sharedFrom, this.#from - this.#sharedFrom));
    all.set(this.#own.subarray(first + shared - this.#from, this.end - this.#from), shared);
    return all;
  }

  /** Another with the same numbers, which goes its own way. @param {number} kept what comes before is forgotten */
  fork(kept) {
    if (this.end > this.#from) {
      const first = kept > this.#sharedFrom ? kept : this.#sharedFrom;
      const alone = first >= this.#from;
      const shared = alone ? this.#own : this.slice(first);
      this.#sharedFrom = alone ? this.#from : first;
      this.#shared = shared;
      this.#own = new this.#kind(0);
      this.#from = this.end;
    }
    const twin = new Tape(this.#kind, this.#width, this.end);
    twin.#shared = this.#shared;
    twin.#sharedFrom = this.#sharedFrom;
    return twin;
  }

  /** Begins anew. */
  clear() {
    this.end = 0;
    this.#from = 0;
    this.#sharedFrom = 0;
    this.#shared = new this.#kind(0);
  }
}
