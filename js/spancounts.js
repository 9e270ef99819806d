/**
 * Counts of a history's last tokens, or of all. They are made when somebody reads them: until then tokens cost nothing,
 * and a fork that no penalty looks at goes on without a table of its own.
 */
import { Counts } from './counts.js';

/** Marks a stored token as one of the prompt. Tokens are below 2^24. */
export const PROMPT = 1 << 30;

export class SpanCounts {
  #counts;
  /** How many of the last tokens count, -1 for all. */
  #span;
  /** Tokens from number #low up to #next are in the table. */
  #low = 0;
  #next = 0;

  /** @param {number} vocabSize @param {number} span */
  constructor(vocabSize, span) {
    this.#counts = new Counts(vocabSize);
    this.#span = span;
  }

  /** The first token that is needed apart from the last `span`. */
  get oldest() {
    if (this.#span < 0) return this.#next;
    return this.#low < this.#next ? this.#low : Infinity;
  }

  /**
   * Counts what came.
   * @param {import('./tape.js').Tape} tokens
   * @returns {number} where the table stands, 0 if nothing was ever counted
   * @throws {RangeError} memory that cannot grow; the next call goes on from there
   */
  sync(tokens) {
    const { end } = tokens;
    const first = end - this.#span;
    const low = this.#span < 0 || first < 0 ? 0 : first;
    if (this.#next === end && this.#low === low) return this.#counts.at;
    if (this.#next <= low && low > 0) this.#restart(low);
    for (; this.#next < end; this.#next++) this.#add(tokens.at(this.#next));
    if (this.#low < low) this.#counts.own();
    for (; this.#low < low; this.#low++) this.#remove(tokens.at(this.#low));
    for (; this.#low > low; this.#low--) this.#add(tokens.at(this.#low - 1));
    return this.#counts.at;
  }

  /**
   * Takes back what is about to be taken away.
   * @param {import('./tape.js').Tape} tokens
   * @param {number} end what remains
   * @throws {RangeError} memory that cannot grow; nothing is changed then
   */
  rewind(tokens, end) {
    if (end >= this.#next) return;
    if (end <= this.#low) return this.#restart(end);
    this.#counts.own();
    while (this.#next > end) this.#remove(tokens.at(--this.#next));
  }

  /** @param {number} token with its mark */
  #add(token) {
    this.#counts.touch(token & ~PROMPT);
    this.#counts.add(token & ~PROMPT, 1, token < PROMPT ? 1 : 0);
  }

  /** @param {number} token with its mark */
  #remove(token) {
    this.#counts.add(token & ~PROMPT, -1, token < PROMPT ? -1 : 0);
  }

  /** Nothing is counted any more; the next token is number `at`. @param {number} at */
  #restart(at) {
    this.#counts.clear();
    this.#low = at;
    this.#next = at;
  }

  /** Another with the same counts. @param {number} vocabSize */
  fork(vocabSize) {
    const twin = new SpanCounts(vocabSize, this.#span);
    twin.#counts = this.#counts.fork();
    twin.#low = this.#low;
    twin.#next = this.#next;
    return twin;
  }

  /** Of all tokens: how often those before number `first` came. @param {import('./tape.js').Tape} tokens @param {number} first */
  before(tokens, first) {
    this.sync(tokens);
    const counts = new Map(this.#counts.entries().map((entry) => [entry[0], entry]));
    for (let i = first; i < tokens.end; i++) {
      const token = tokens.at(i);
      const entry = counts.get(token & ~PROMPT);
      if (entry) entry[1]--;
      if (entry && token < PROMPT) entry[2]--;
    }
    return [...counts.values()].filter(([, all]) => all > 0).sort((a, b) => a[0] - b[0]);
  }

  /**
   * Of all tokens, and none counted yet: begins with what `before` gave.
   * @param {readonly (readonly [number, number, number])[]} entries
   * @param {number} first
   */
  restore(entries, first) {
    for (const [token, all, output] of entries) {
      this.#counts.touch(token);
      this.#counts.add(token, all, output);
    }
    this.#next = first;
  }

  clear() {
    this.#restart(0);
  }

  dispose() {
    this.#counts.dispose();
  }
}
