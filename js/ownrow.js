/**
 * The row of one sampler in the library's memory. It is there from the start, or, in what was forked or loaded, when it
 * is first needed; and samplers of one family that are given the same logits share them.
 */
import { LK } from '../dist/abi.js';
import { addRoom, isInside, removeRoom, roomOf } from './alloc.js';
import { allocate, f32, isShared, release, retain, u8 } from './arena.js';
import { core } from './instance.js';
import { copyRow, revived } from './read.js';
import {
  IDS,
  joinSpare,
  leaveSpare,
  MASK,
  maskBytes,
  rowBytes,
  scratch,
  spareRow,
  swapSpare,
  VALUES,
  work,
} from './scratch.js';

export class OwnRow {
  /** Logits that fit. */
  n;
  /** What samplers that come from one another have in common. */
  family;
  #bytes;
  #row = 0;
  /** How the row's elements are stored. @type {number} */
  #format = LK.F32;
  /** A row to leave where a copy comes from, unless #row can be left there; 0 if there is none yet. */
  #fresh = 0;
  /** Whether what was copied last is what the family's row holds. */
  #same = false;
  #spared = false;
  /** The last array over the row that was handed out. @type {Float32Array | null} */
  #view = null;
  /** Whether anything was ever written to the row, or could have been. */
  #filled = false;

  /** @param {number} n @param {import('./family.js').Family} family */
  constructor(n, family) {
    this.n = n;
    this.family = family;
    this.#bytes = rowBytes(n);
  }

  /** Takes the memory that a row needs, all of it zero. @param {string} where */
  claim(where) {
    work(this.n, where);
    this.#join(where);
    this.#row = allocate(this.#bytes, where);
    f32.fill(0, this.#row >>> 2, (this.#row >>> 2) + this.n);
  }

  /** @param {string} where */
  #join(where) {
    if (!this.#spared) joinSpare(this.#bytes, where);
    this.#spared = true;
  }

  /** Whether nobody else has the row. */
  get #alone() {
    return this.#row !== 0 && !isShared(this.#row);
  }

  /** Where the row stands, and how; 0 as long as there is none. */
  get home() {
    return this.#row;
  }

  get homeFormat() {
    return this.#format;
  }

  /** Whether the last array that was handed out lies in memory that has grown since. */
  get #lost() {
    return this.#view !== null && this.#view.buffer !== f32.buffer;
  }

  /** The row as float32, over the memory itself. @returns {Float32Array} */
  get logits() {
    if (this.#view !== null && !this.#lost) return this.#view;
    // What other calls of the same step may need is taken now, so that they do not detach the array.
    work(this.n, 'logits');
    scratch(MASK, maskBytes(this.n), 'logits');
    scratch(IDS, this.#bytes, 'logits');
    scratch(VALUES, this.#bytes, 'logits');
    this.#separate();
    if (this.#format !== LK.F32) {
      core().lk_widen(this.#row, this.n, this.#format, this.#row);
      this.#format = LK.F32;
    }
    this.#view = new Float32Array(f32.buffer, this.#row, this.n);
    this.#filled = true;
    addRoom(this.#row, this.n);
    return this.#view;
  }

  /** Makes the row one that may be written to. */
  #separate() {
    const row = this.#row;
    if (this.family.row === row) this.family.row = 0;
    if (row === 0) return this.claim('logits');
    if (!isShared(row)) return;
    this.#row = this.#fresh || allocate(this.#bytes, 'logits');
    this.#fresh = 0;
    u8.copyWithin(this.#row, row, row + this.#bytes);
    release(row);
  }

  /** Whether x is the array that `logits` gave. @param {unknown} x */
  isOwn(x) {
    return x === this.#view;
  }

  /**
   * Checks that there is something in the row, and that no one wrote to an array that has lost it.
   * @param {string} where
   */
  checkOwn(where) {
    if (!this.#filled) {
      throw new TypeError(
        `${where}: x must be given until sampler.logits was filled, or a row was sampled before`,
      );
    }
    if (this.#lost) {
      throw new TypeError(
        `${where}: the last sampler.logits is detached, memory has grown: read the property again`,
      );
    }
  }

  /**
   * Brings a row of length n to where the core can read it, unless it stands there already.
   * @param {string} where
   * @param {any} x checked
   * @param {number} format
   * @param {number} to an address for a copy
   * @returns {number} its address
   */
  bring(where, x, format, to) {
    const place = format === LK.F32 && isInside(x) ? roomOf(x) : 0;
    if (place !== 0) return place;
    copyRow(where, x, 0, this.n, format, to);
    return to;
  }

  /**
   * The same for a row that is to become the sampler's own: `adopt` cannot fail then. A copy goes to `spare`.
   * @param {string} where
   * @param {any} x checked
   * @param {number} format
   * @returns {number} its address
   */
  take(where, x, format) {
    this.#same = false;
    if (this.#spared && this.#alone) return this.bring(where, x, format, this.spare);
    const offset = ArrayBuffer.isView(x) && isInside(x) ? x.byteOffset : -1;
    this.#join(where);
    const row = this.bring(where, revived(x, offset, this.n), format, this.spare);
    if (row !== this.spare) return row;
    const { family } = this;
    const bytes = (format > LK.F32 ? 2 : 4) * this.n;
    this.#same =
      family.format === stored(format) && family.row !== 0 && core().lk_same(family.row, row, bytes) === 1;
    if (!this.#same) this.reserve(where);
    return row;
  }

  /** Makes sure that `adopt` cannot fail, whatever is copied to `spare`. @param {string} where */
  reserve(where) {
    this.#same = false;
    this.#join(where);
    if (!this.#alone && this.#fresh === 0) this.#fresh = allocate(this.#bytes, where);
  }

  /** Where a row from outside is copied to before a draw. */
  get spare() {
    return spareRow(this.#bytes);
  }

  /** Makes the row that was copied to `spare` the sampler's own. @param {number} format */
  adopt(format) {
    const { family, spare } = this;
    const same = this.#same;
    this.#same = false;
    this.#filled = true;
    if (this.#view !== null && !this.#lost) {
      // Someone holds an array over the row: it stays where it is.
      if (format > LK.F32) core().lk_widen(spare, this.n, format, this.#row);
      else u8.copyWithin(this.#row, spare, spare + 4 * this.n);
      return;
    }
    removeRoom(this.#row);
    this.#format = stored(format);
    if (same) {
      retain(family.row);
      release(this.#row);
      this.#row = family.row;
      return;
    }
    if (this.#alone) swapSpare(this.#bytes, this.#row);
    else {
      release(this.#row);
      swapSpare(this.#bytes, this.#fresh);
      this.#fresh = 0;
    }
    this.#row = spare;
    family.row = spare;
    family.format = this.#format;
  }

  /** Gives the memory back. */
  leave() {
    if (this.family.row === this.#row && this.#alone) this.family.row = 0;
    if (this.#alone) removeRoom(this.#row);
    release(this.#row);
    release(this.#fresh);
    if (this.#spared) leaveSpare(this.#bytes);
    this.#spared = false;
    this.#row = 0;
    this.#fresh = 0;
  }
}

/** How the core finds a row that was copied. @param {number} format */
const stored = (format) => (format > LK.F32 ? format : LK.F32);
