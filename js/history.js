/**
 * The tokens of a sequence and their counts. Tokens are numbered from 0 since the start, and forgotten from the front;
 * counts of the whole sequence never forget. Every method either succeeds or changes nothing.
 */
import { impossible } from './bytes.js';
import { PROMPT, SpanCounts } from './spancounts.js';
import { Tape } from './tape.js';

/** Tokens are numbered in 31 bits. */
const MOST_TOKENS = 2147483647;

export class History {
  /** Output tokens since the start: the address of the next random numbers. */
  position = 0;
  /** The least that `end` was since who indexes the tokens has set this to `end`: what lies behind may be new. */
  low = 0;

  /** Tokens with their marks. */
  #tokens = new Tape(Int32Array);
  /** What rewind cannot go below: it moves so that at most `#limit` tokens lie behind it, and never back. */
  #floor = 0;
  /** The first token that a window may still need. */
  #kept = 0;
  /** One past the last token of the prompt. */
  #promptEnd = 0;
  #held = false;
  #vocabSize;
  #limit;
  /** Tokens that the penalties see: -1 all, 0 none. */
  #span = -1;
  #all;
  /** Counts of the last #span tokens, where that is above 0. @type {SpanCounts | null} */
  #window = null;

  /** @param {number} vocabSize @param {number} limit tokens to remember */
  constructor(vocabSize, limit) {
    this.#vocabSize = vocabSize;
    this.#limit = limit;
    this.#all = new SpanCounts(vocabSize, -1);
  }

  /**
   * The table that the penalties read, 0 if there is none. A sequence without tokens has none, whatever was undone: it
   * is in the same state as a new one.
   * @throws {RangeError} memory that cannot grow
   */
  counts() {
    if (this.end === 0) return 0;
    return this.#span < 0 ? this.#all.sync(this.#tokens) : (this.#window?.sync(this.#tokens) ?? 0);
  }

  /** One past the number of the last token. */
  get end() {
    return this.#tokens.end;
  }

  /** The number of the first token that is remembered. */
  get first() {
    const oldest = this.end - this.#limit;
    return oldest > this.#kept ? oldest : this.#kept;
  }

  /** The number of the first token behind the prompt. */
  get outputFirst() {
    return this.#promptEnd;
  }

  /** The first token that is still stored: a rewind can bring it back. */
  get stored() {
    return this.#kept;
  }

  /** Token number i, stored. @param {number} i */
  at(i) {
    return this.#tokens.at(i) & ~PROMPT;
  }

  /** A copy of what is remembered, prompt included. @returns {Int32Array} */
  toArray() {
    return /** @type {Int32Array} */ (this.#tokens.slice(this.first)).map((token) => token & ~PROMPT);
  }

  /** How far `rewind` can go. */
  get undoable() {
    return this.end - (this.#promptEnd > this.#floor ? this.#promptEnd : this.#floor);
  }

  /**
   * Appends tokens.
   * @param {ArrayLike<number>} tokens checked
   * @param {boolean} prompt
   */
  append(tokens, prompt) {
    this.makeRoom(tokens.length);
    for (let i = 0; i < tokens.length; i++) this.#commit(tokens[i], prompt);
  }

  /** Appends one token that the model produced; there must be room. @param {number} token */
  push(token) {
    this.#commit(token, false);
  }

  /** @param {number} token @param {boolean} prompt */
  #commit(token, prompt) {
    this.#tokens.push(prompt ? token | PROMPT : token);
    if (prompt) this.#promptEnd = this.end;
    else this.position++;
    if (!this.#held) this.#forget();
  }

  /** Lets go what is out of reach. */
  #forget() {
    if (this.end - this.#limit > this.#floor) this.#floor = this.end - this.#limit;
    if (this.#floor - this.#limit > this.#kept) this.#kept = this.#floor - this.#limit;
  }

  /** While it is held, all tokens that come can be undone, however few are remembered. @param {boolean} held */
  hold(held) {
    this.#held = held;
    if (!held) this.#forget();
  }

  /**
   * Makes sure that so many tokens can be appended, also after the last one was taken away.
   * @param {number} more
   * @throws {RangeError} memory that cannot grow
   */
  makeRoom(more) {
    this.#settle();
    this.#tokens.makeRoom(more, this.#needed);
  }

  /** The first token that is asked for. The last one is: the call that gave it can still be looked at. */
  get #needed() {
    return this.#kept < this.end ? this.#kept : this.end - 1;
  }

  /** Counts look at tokens later: what is dropped has to be counted by then. @throws {RangeError} memory that cannot grow */
  #settle() {
    if (this.#all.oldest < this.#kept) this.#all.sync(this.#tokens);
    if (this.#window !== null && this.#window.oldest < this.#kept) this.#window.sync(this.#tokens);
  }

  /**
   * Undoes the last n tokens, all of them output.
   * @param {number} n at most `undoable`
   * @throws {RangeError} memory that cannot grow
   */
  rewind(n) {
    const end = this.end - n;
    this.#all.rewind(this.#tokens, end);
    this.#window?.rewind(this.#tokens, end);
    this.#tokens.truncate(end);
    this.position -= n;
    if (end < this.low) this.low = end;
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
    const furthest = reach.tokens > span ? reach : { name: 'penaltyLastN', tokens: span };
    if (furthest.tokens > this.end - this.#kept && this.#kept > 0) {
      throw new RangeError(
        `${where}: ${furthest.name} must reach back at most ${this.end - this.#kept} tokens, those remembered, got ${furthest.tokens}`,
      );
    }
    if (span !== this.#span) {
      this.#window?.dispose();
      this.#window = span > 0 ? new SpanCounts(this.#vocabSize, span) : null;
      this.#span = span;
    }
    this.#limit = limit;
    if (this.end - limit > this.#floor) this.#floor = this.end - limit;
    // A rewind moves the window back as well: it must not move past what is stored.
    const least = this.#kept + furthest.tokens;
    if (this.#kept > 0 && least > this.#floor) this.#floor = least;
  }

  /** A history with the same tokens, which goes its own way. */
  fork() {
    const twin = new History(this.#vocabSize, this.#limit);
    this.#settle();
    twin.position = this.position;
    twin.#tokens = this.#tokens.fork(this.#needed);
    twin.#floor = this.#floor;
    twin.#kept = this.#kept;
    twin.#promptEnd = this.#promptEnd;
    twin.#span = this.#span;
    twin.#all = this.#all.fork(this.#vocabSize);
    twin.#window = this.#window?.fork(this.#vocabSize) ?? null;
    return twin;
  }

  /**
   * @param {import('./bytes.js').Writer} out
   * @throws {RangeError} memory that cannot grow
   */
  save(out) {
    const kept = this.#kept;
    for (const number of [this.position, kept, this.#floor, this.end]) out.integer(number);
    for (let i = kept; i < this.end; i++) {
      const token = this.#tokens.at(i);
      out.integer((token & ~PROMPT) * 2 + (token < PROMPT ? 0 : 1));
    }
    const forgotten = kept > 0 ? this.#all.before(this.#tokens, kept) : [];
    out.integer(forgotten.length);
    for (const [token, all, output] of forgotten) [token, all, output].map((number) => out.integer(number));
  }

  /**
   * Takes over what `save` wrote; there is nothing yet.
   * @param {import('./bytes.js').Reader} from
   * @throws {StateError} what no history can be
   */
  load(from) {
    const [position, kept, floor, end] = [0, 0, 0, 0].map(() => from.integer(MOST_TOKENS));
    if (kept > floor || floor > end || end - floor > this.#limit || end - kept > from.left) {
      throw impossible();
    }
    this.#tokens = new Tape(Int32Array, 1, kept);
    this.#tokens.makeRoom(end - kept, kept);
    let outputs = 0;
    for (let i = kept; i < end; i++) {
      const marked = from.integer(2 * this.#vocabSize - 1);
      const prompt = marked % 2 === 1;
      this.#tokens.push(prompt ? (marked >>> 1) | PROMPT : marked >>> 1);
      if (prompt) this.#promptEnd = i + 1;
      else outputs++;
    }
    /** @type {[number, number, number][]} */
    const entries = [];
    let forgotten = 0;
    for (let more = from.integer(this.#vocabSize); more > 0; more--) {
      const token = from.integer(this.#vocabSize - 1);
      const all = from.integer(MOST_TOKENS);
      entries.push([token, all, from.integer(all)]);
      forgotten += all;
      outputs += entries[entries.length - 1][2];
    }
    if (forgotten !== kept || outputs !== position) {
      throw impossible();
    }
    this.#all.restore(entries, kept);
    this.position = position;
    this.#floor = floor;
    this.#kept = kept;
  }

  /** Back to the start, position included. */
  clear() {
    this.#all.clear();
    this.#window?.clear();
    this.#tokens.clear();
    this.position = 0;
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
