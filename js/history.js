/**
 * The tokens of a sequence and their counts. Tokens are numbered from 0 since the start, and forgotten from the front;
 * counts of the whole sequence never forget. Every method either succeeds or changes nothing.
 */
import { Counts } from './counts.js';

/** Marks a stored token as one of the prompt. Tokens are below 2^24. */
const PROMPT = 1 << 30;
const FIRST_ROOM = 64;

export class History {
  /** Output tokens since the start: the address of the next random numbers. */
  position = 0;
  /** The least that `end` was since who indexes the tokens has set this to `end`: what lies behind may be new. */
  low = 0;

  /** Stored tokens: number i is at index i - #base. */
  #tokens = new Int32Array(FIRST_ROOM);
  #base = 0;
  /** One past the last token. */
  #end = 0;
  /** What rewind cannot go below: it moves so that at most `#limit` tokens lie behind it, and never back. */
  #floor = 0;
  /** The first token that a window may still need. */
  #kept = 0;
  /** One past the last token of the prompt. */
  #promptEnd = 0;
  #vocabSize;
  #limit;
  /** Tokens that the penalties see: -1 all, 0 none. */
  #span = -1;
  #all;
  /** Counts of the last #span tokens, where that is above 0. @type {Counts | null} */
  #window = null;

  /** @param {number} vocabSize @param {number} limit tokens to remember */
  constructor(vocabSize, limit) {
    this.#vocabSize = vocabSize;
    this.#limit = limit;
    this.#all = new Counts(vocabSize);
  }

  /**
   * The table that the penalties read, 0 if there is none. A sequence without tokens has none, whatever was undone: it
   * is in the same state as a new one.
   */
  get counts() {
    if (this.#end === 0) return 0;
    return this.#span < 0 ? this.#all.at : (this.#window?.at ?? 0);
  }

  /** One past the number of the last token. */
  get end() {
    return this.#end;
  }

  /** The number of the first token that is remembered. */
  get first() {
    const oldest = this.#end - this.#limit;
    return oldest > this.#kept ? oldest : this.#kept;
  }

  /** The first token that is still stored: a rewind can bring it back. */
  get stored() {
    return this.#kept;
  }

  /** Token number i, stored. @param {number} i */
  at(i) {
    return this.#tokens[i - this.#base] & ~PROMPT;
  }

  /** A copy of what is remembered, prompt included. @returns {Int32Array} */
  toArray() {
    return this.#tokens
      .slice(this.first - this.#base, this.#end - this.#base)
      .map((token) => token & ~PROMPT);
  }

  /** How far `rewind` can go. */
  get undoable() {
    return this.#end - (this.#promptEnd > this.#floor ? this.#promptEnd : this.#floor);
  }

  /**
   * Appends tokens.
   * @param {ArrayLike<number>} tokens checked
   * @param {boolean} prompt
   */
  append(tokens, prompt) {
    this.#makeRoom(tokens.length);
    for (let i = 0; i < tokens.length; i++) this.#touch(tokens[i]);
    for (let i = 0; i < tokens.length; i++) this.#commit(tokens[i], prompt);
  }

  /** Appends one token that the model produced. @param {number} token */
  push(token) {
    this.#makeRoom(1);
    this.#touch(token);
    this.#commit(token, false);
  }

  /** @param {number} token */
  #touch(token) {
    this.#all.touch(token);
    this.#window?.touch(token);
  }

  /** @param {number} token @param {boolean} prompt */
  #commit(token, prompt) {
    this.#tokens[this.#end - this.#base] = prompt ? token | PROMPT : token;
    this.#end++;
    this.#count(this.#all, this.#end - 1, 1);
    if (this.#window) {
      this.#count(this.#window, this.#end - 1, 1);
      this.#count(this.#window, this.#end - 1 - this.#span, -1);
    }
    if (prompt) this.#promptEnd = this.#end;
    else this.position++;
    if (this.#end - this.#limit > this.#floor) this.#floor = this.#end - this.#limit;
    if (this.#floor - this.#limit > this.#kept) this.#kept = this.#floor - this.#limit;
  }

  /** @param {Counts} table @param {number} i number of a token; below 0 there is none @param {number} by */
  #count(table, i, by) {
    if (i < 0) return;
    const stored = this.#tokens[i - this.#base];
    table.add(stored & ~PROMPT, by, stored < PROMPT);
  }

  /** Room for `more` tokens: by dropping what nobody needs any more, and with more memory where a quarter would not be free. @param {number} more */
  #makeRoom(more) {
    const { length } = this.#tokens;
    const need = this.#end - this.#base + more;
    if (need <= length) return;
    const from = this.#kept - this.#base;
    let room = length;
    while (need - from > 0.75 * room) room *= 2;
    const kept = this.#tokens.subarray(from, this.#end - this.#base);
    const tokens = room === length ? this.#tokens : new Int32Array(room);
    tokens.set(kept);
    this.#tokens = tokens;
    this.#base = this.#kept;
  }

  /** Undoes the last n tokens, all of them output. @param {number} n at most `undoable` */
  rewind(n) {
    const window = this.#window;
    const first = this.#end - n - this.#span;
    for (let i = first; window && i < first + n; i++) {
      if (i >= 0) window.touch(this.#tokens[i - this.#base] & ~PROMPT);
    }
    for (; n > 0; n--) {
      this.#end--;
      this.position--;
      this.#count(this.#all, this.#end, -1);
      if (!window) continue;
      this.#count(window, this.#end, -1);
      this.#count(window, this.#end - this.#span, 1);
    }
    if (this.#end < this.low) this.low = this.#end;
  }

  /**
   * Changes how many tokens the penalties see and how many are remembered.
   * @param {string} where for the error
   * @param {number} span
   * @param {number} limit at least span
   * @param {{ name: string, tokens: number }} reach the option that looks back furthest beside penaltyLastN
   * @throws {RangeError} the window would reach tokens already forgotten, or memory that cannot grow
   */
  resize(where, span, limit, reach) {
    const first = this.#end - span;
    const furthest = reach.tokens > span ? reach : { name: 'penaltyLastN', tokens: span };
    if (furthest.tokens > this.#end - this.#kept && this.#kept > 0) {
      throw new RangeError(
        `${where}: ${furthest.name} must reach back at most ${this.#end - this.#kept} tokens, those remembered, got ${furthest.tokens}`,
      );
    }
    if (span !== this.#span) {
      const window = span > 0 ? this.#counted(first > 0 ? first : 0) : null;
      this.#window?.dispose();
      this.#window = window;
      this.#span = span;
    }
    this.#limit = limit;
    if (this.#end - limit > this.#floor) this.#floor = this.#end - limit;
    // A rewind moves the window back as well: it must not move past what is stored.
    const least = this.#kept + furthest.tokens;
    if (this.#kept > 0 && least > this.#floor) this.#floor = least;
  }

  /** Counts of the tokens from number `first` on. @param {number} first */
  #counted(first) {
    const table = new Counts(this.#vocabSize);
    try {
      for (let i = first; i < this.#end; i++) table.touch(this.#tokens[i - this.#base] & ~PROMPT);
    } catch (error) {
      table.dispose();
      throw error;
    }
    for (let i = first; i < this.#end; i++) this.#count(table, i, 1);
    return table;
  }

  /** Back to the start, position included. */
  clear() {
    this.#all.clear();
    this.#window?.clear();
    this.position = 0;
    this.#base = 0;
    this.#end = 0;
    this.#floor = 0;
    this.#kept = 0;
    this.#promptEnd = 0;
    this.low = 0;
  }

  dispose() {
    this.#all.dispose();
    this.#window?.dispose();
  }
}
