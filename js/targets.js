/** What a cross-entropy is taken against: ids or probabilities, smoothed, and what becomes of the rows' losses. */
import { checkChoice, checkNumber, HIGHEST, show, tagOf } from './check.js';
import { room, values } from './doubles.js';
import { checkAttached } from './read.js';

const REDUCTIONS = ['mean', 'sum', 'none'];
const SMOOTHING = { min: 0, max: 1 };
const PROBS = { min: 0, max: HIGHEST };
/** PyTorch's number for a row that does not count. */
const IGNORED = -100;

/**
 * What is right: an id; an `Int32Array` with an id for each row, where -100 leaves the row out; or a probability for each
 * logit.
 * @typedef {number | Int32Array | Float32Array | Float64Array | readonly number[]} Target
 *
 * @typedef {'mean' | 'sum' | 'none'} Reduction
 *
 * @typedef {object} TargetOptions
 * @property {number} [labelSmoothing] 0: the share in [0, 1] of the target that is spread evenly over all n logits
 * @property {Reduction} [reduction] 'mean' (the default) over the rows that are not ignored, 'sum', or 'none'
 */

export class Targets {
  /** @type {Int32Array | null} */
  #ids = null;
  /** @type {import('./rows.js').Rows | null} */
  #probs = null;
  #input;
  #smoothing;
  reduction;
  /** What a row's loss counts for. */
  share = 1;

  /**
   * Checks the target and its options.
   * @param {import('./rows.js').Rows} input
   * @param {any} target
   */
  constructor(input, target) {
    const { where, rows, n } = input;
    const { labelSmoothing = 0, reduction = 'mean' } = input.given;
    this.#input = input;
    this.#smoothing = checkNumber(`${where}: labelSmoothing`, labelSmoothing, SMOOTHING);
    this.reduction = checkChoice(`${where}: reduction`, reduction, REDUCTIONS);
    const tag = tagOf(target);
    const what = `${where}: target`;
    let counted = rows;
    if (typeof target === 'number' || tag === 'Int32Array') {
      if (tag !== '') checkAttached(what, target);
      // A copy, since the original may lie in memory that is going to grow.
      const ids = typeof target === 'number' ? [target] : Array.from(target);
      if (ids.length !== rows)
        throw new RangeError(`${what} must have an id for each of ${rows} rows, got ${ids.length}`);
      ids.forEach((id, r) => {
        if (id === IGNORED) counted--;
        else checkNumber(rows === 1 ? what : `${what}[${r}]`, id, { min: 0, max: n - 1, integer: true });
      });
      this.#ids = Int32Array.from(ids);
    } else if (tag === 'Array' || tag === 'Float32Array' || tag === 'Float64Array') {
      this.#probs = input.beside('target', target);
    } else {
      throw new TypeError(
        `${what} must be an id, an Int32Array of ids, or probabilities (Float32Array, Float64Array, number[]), got ${show(target)}`,
      );
    }
    if (this.reduction !== 'mean') return;
    if (counted === 0)
      throw new RangeError(`${what} ignores all rows, which leaves no mean; 'sum' would be 0`);
    this.share = 1 / counted;
  }

  /**
   * Writes what is right for row r as probabilities.
   * @param {number} r
   * @param {number} place of doubles.js
   * @returns {Float64Array | null} the place; null if the row is ignored
   */
  write(r, place) {
    const { n } = this.#input;
    const even = this.#smoothing / n;
    const rest = 1 - this.#smoothing;
    if (this.#ids === null) {
      const right = values(/** @type {import('./rows.js').Rows} */ (this.#probs), r, place, PROBS);
      if (even > 0) for (let i = 0; i < n; i++) right[i] = right[i] * rest + even;
      return right;
    }
    const id = this.#ids[r];
    if (id === IGNORED) return null;
    const right = room(this.#input, place).fill(even);
    right[id] = rest + even;
    return right;
  }
}
