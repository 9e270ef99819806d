/** A table of how often each token was seen: the core's, in memory that grows here. */
import { LK } from '../dist/abi.js';
import { allocate, release } from './arena.js';
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
    while (this.at === 0 || core().lk_counts_add(this.at, token, 0, 0) === LK.FULL) this.#double();
  }

  #double() {
    const lk = core();
    const wish = this.#slots === 0 ? FIRST_SLOTS : 2 * this.#slots;
    const slots = wish < this.#most ? wish : this.#most;
    const at = allocate(lk.lk_counts_size(slots) >>> 0, 'Sampler: token counts');
    lk.lk_counts_init(at, slots);
    if (this.at !== 0) lk.lk_counts_merge(at, this.at);
    release(this.at);
    this.at = at;
    this.#slots = slots;
  }

  /**
   * @param {number} token touched before
   * @param {number} by 1 or -1
   * @param {boolean} output whether it counts as one that the model produced, too
   */
  add(token, by, output) {
    core().lk_counts_add(this.at, token, by, output ? by : 0);
  }

  /** Forgets everything, keeps the memory. */
  clear() {
    if (this.at !== 0) core().lk_counts_init(this.at, this.#slots);
  }

  dispose() {
    release(this.at);
    this.at = 0;
    this.#slots = 0;
  }
}
