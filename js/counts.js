/** A table of how often each token was seen: the core's, in memory that grows here. Forks share it until one writes. */
import { LK } from '../dist/abi.js';
import { allocate, isShared, release, retain, u32 } from './arena.js';
import { core } from './instance.js';

const FIRST_SLOTS = 64;

export class Counts {
  /** Where the table stands; 0 as long as nothing was counted. */
  at = 0;
  #slots = 0;
  #most;

  /** @param {number} most distinct tokens that can come */
  constructor(most) {
    this.#most = most;
  }

  /**
   * Makes sure that `add` of this token cannot fail, whatever else is added.
   * @param {number} token
   * @throws {RangeError} memory that cannot grow; no count is changed
   */
  touch(token) {
    this.own();
    while (this.at === 0 || core().lk_counts_add(this.at, token, 0, 0) === LK.FULL) this.#double();
  }

  /** Makes the table this one's alone. @throws {RangeError} memory that cannot grow; no count is changed */
  own() {
    if (isShared(this.at)) this.#move(this.#slots);
  }

  #double() {
    const wish = this.#slots === 0 ? FIRST_SLOTS : 2 * this.#slots;
    this.#move(wish < this.#most ? wish : this.#most);
  }

  /** @param {number} slots */
  #move(slots) {
    const lk = core();
    const at = allocate(lk.lk_counts_size(slots) >>> 0, 'Sampler: token counts');
    lk.lk_counts_init(at, slots);
    if (this.at !== 0) lk.lk_counts_merge(at, this.at);
    release(this.at);
    this.at = at;
    this.#slots = slots;
  }

  /**
   * @param {number} token touched before, or since the last `own`
   * @param {number} all how many were seen, below 0 for taking back
   * @param {number} output how many of them the model produced
   */
  add(token, all, output) {
    core().lk_counts_add(this.at, token, all, output);
  }

  /** Another with the same counts. */
  fork() {
    const twin = new Counts(this.#most);
    retain(this.at);
    twin.at = this.at;
    twin.#slots = this.#slots;
    return twin;
  }

  /** What was counted: token, all, output. @returns {[number, number, number][]} */
  entries() {
    if (this.at === 0) return [];
    return Array.from({ length: u32[(this.at >>> 2) + 1] }, (_, i) => {
      const entry = (this.at + LK.COUNTS_HEAD + i * LK.COUNTED) >>> 2;
      return [u32[entry], u32[entry + 1], u32[entry + 2]];
    });
  }

  /** Forgets everything, keeps the memory unless others have it, too. */
  clear() {
    if (isShared(this.at)) this.dispose();
    else if (this.at !== 0) core().lk_counts_init(this.at, this.#slots);
  }

  dispose() {
    release(this.at);
    this.at = 0;
    this.#slots = 0;
  }
}
