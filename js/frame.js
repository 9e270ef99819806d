/**
 * What one sampler owns in the library's memory: its row, the core's struct that describes a step, and the bias. It
 * knows nothing of the Sampler it belongs to, so it can outlive one that was forgotten and be freed then.
 */
import { LK, OFFSETS, SIZES } from '../dist/abi.js';
import { addRoom, isInside, removeRoom, roomOf } from './alloc.js';
import { allocate, f32, f64, i32, release, u8, u32 } from './arena.js';
import { tagOf } from './check.js';
import { History } from './history.js';
import { core } from './instance.js';
import { OPTIONS } from './options.js';
import { STAGES } from './order.js';
import { Overlays } from './overlays.js';
import { copyRow, failure, maskedError } from './read.js';
import {
  IDS,
  joinSpare,
  leaveSpare,
  MASK,
  rowBytes,
  scratch,
  spareRow,
  swapSpare,
  VALUES,
  work,
} from './scratch.js';
import { Trail } from './trail.js';

const AT = /* @__PURE__ */ (() => OFFSETS.sampler)();
/** Options that the core reads as they are: number fields of the same name (true is 1). */
const COPIED = /* @__PURE__ */ Object.values(OPTIONS)
  .filter(({ name, kind }) => (kind === 'number' || kind === 'integer' || kind === 'boolean') && name in AT)
  .map(({ name }) => name);
const HIGH = 2 ** 32;

export class Frame {
  /** Logits that fit. */
  n;
  history;
  #struct = 0;
  #row = 0;
  #bytes;
  /** How the row's elements are stored. @type {number} */
  #format = LK.F32;
  #bias = 0;
  /** @type {import('./biases.js').Biases | null} */
  #biases = null;
  /** @type {Overlays | null} */
  #overlays = null;
  #spared = false;
  /** What mirostat and adaptive knew earlier. */
  #trail = new Trail(LK.STATE);
  /** The last array over the row that was handed out. @type {Float32Array | null} */
  #view = null;
  /** Whether anything was ever written to the row, or could have been. */
  #filled = false;

  /** @param {number} n @param {number} maxHistory */
  constructor(n, maxHistory) {
    this.n = n;
    this.history = new History(n, maxHistory);
    this.#bytes = rowBytes(n);
    const what = 'Sampler';
    core();
    try {
      work(n, what);
      joinSpare(this.#bytes, what);
      this.#spared = true;
      this.#row = allocate(this.#bytes, what);
      this.#struct = allocate(SIZES.sampler + LK.STAGE_COUNT, what);
    } catch (error) {
      this.dispose();
      throw error;
    }
    u8.fill(0, this.#struct, this.#struct + SIZES.sampler);
    f32.fill(0, this.#row >>> 2, (this.#row >>> 2) + n);
    this.#set(AT.n, n);
    this.#set(AT.row, this.#row);
    this.#set(AT.order, this.#struct + SIZES.sampler);
    this.#forget();
  }

  get disposed() {
    return this.#struct === 0;
  }

  /** Writes an integer below 2^53 into a field of 64 bits. @param {number} field @param {number} value */
  #set(field, value) {
    const i = (this.#struct + field) >>> 2;
    const low = value >>> 0;
    u32[i] = low;
    u32[i + 1] = (value - low) / HIGH;
  }

  /**
   * Takes over checked settings: all of them, or on an error none.
   * @param {string} where
   * @param {import('./settings.js').Plan} plan
   */
  configure(where, { settings, rules, biases }) {
    const { ids, values: base } = biases;
    const count = ids.length;
    const served = this.#overlays;
    // Ids, values, and room to save what they overlay.
    const bias = count > 0 ? allocate(12 * count, where) : 0;
    let overlays = served;
    try {
      if (!served?.serves(settings)) overlays = new Overlays(where, this.n, settings, this.history, served);
      const reach = { name: 'sequenceBias', tokens: biases.reach };
      const other = overlays?.reach ?? reach;
      const furthest = other.tokens > reach.tokens ? other : reach;
      this.history.resize(where, settings.penaltyLastN, settings.maxHistory, furthest);
    } catch (error) {
      release(bias);
      if (overlays !== served) overlays?.dispose();
      throw error;
    }
    if (overlays !== served) {
      served?.dispose();
      this.#overlays = overlays;
      overlays?.write(this.#struct);
    }
    release(this.#bias);
    this.#bias = bias;
    this.#biases = biases;
    u32.set(ids, bias >>> 2);
    f32.set(base, (bias >>> 2) + count);
    this.#set(AT.biasIds, bias);
    this.#set(AT.bias, bias + 4 * count);
    this.#set(AT.biasSaved, bias + 8 * count);
    this.#set(AT.biasCount, count);

    const values = /** @type {Record<string, any>} */ (settings);
    const fields = /** @type {Record<string, number>} */ (AT);
    for (const name of COPIED) f64[(this.#struct + fields[name]) >>> 3] = values[name];
    f64[(this.#struct + AT.repetitionOutput) >>> 3] =
      (settings.repetitionScope ?? rules.repetitionScopes[0]) === 'output' ? 1 : 0;
    f64[(this.#struct + AT.frequencyOutput) >>> 3] =
      (settings.frequencyScope ?? rules.frequencyScopes[0]) === 'output' ? 1 : 0;
    f64[(this.#struct + AT.llamaTemperature) >>> 3] = rules.llamaTemperature ? 1 : 0;
    f64[(this.#struct + AT.transform) >>> 3] = OPTIONS.transform.values.indexOf(settings.transform);
    const seed = BigInt(settings.seed);
    u32[(this.#struct + AT.seed) >>> 2] = Number(seed & 0xffffffffn);
    u32[(this.#struct + AT.seed + 4) >>> 2] = Number(seed >> 32n);
    rules.order.forEach((stage, i) => {
      u8[this.#struct + SIZES.sampler + i] = STAGES[stage];
    });
    this.#set(AT.orderCount, rules.order.length);
    this.#set(AT.rules, rules.flags);
  }

  /** The row as float32, over the memory itself. @returns {Float32Array} */
  get logits() {
    if (this.#view !== null && this.#view.length > 0) return this.#view;
    // What other calls of the same step may need is taken now, so that they do not detach the array.
    work(this.n, 'logits');
    scratch(MASK, maskBytes(this.n), 'logits');
    scratch(IDS, this.#bytes, 'logits');
    scratch(VALUES, this.#bytes, 'logits');
    if (this.#format !== LK.F32) {
      core().lk_widen(this.#row, this.n, this.#format, this.#row);
      this.#format = LK.F32;
    }
    this.#view = new Float32Array(f32.buffer, this.#row, this.n);
    this.#filled = true;
    addRoom(this.#row, this.n);
    return this.#view;
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
    if (this.#view !== null && this.#view.length === 0) {
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

  /** Where a row from outside is copied to before a draw. */
  get spare() {
    return spareRow(this.#bytes);
  }

  /** Makes the row that was copied to `spare` the sampler's own. @param {number} format */
  adopt(format) {
    const spare = this.spare;
    this.#filled = true;
    if (this.#view !== null && this.#view.length > 0) {
      // Someone holds an array over the row: it stays where it is.
      if (format > LK.F32) core().lk_widen(spare, this.n, format, this.#row);
      else u8.copyWithin(this.#row, spare, spare + 4 * this.n);
      return;
    }
    removeRoom(this.#row);
    swapSpare(this.#bytes, this.#row);
    this.#row = spare;
    this.#format = format > LK.F32 ? format : LK.F32;
  }

  /**
   * Prepares a step: everything that changes from call to call.
   * @param {number} row address, 0 for the sampler's own
   * @param {number} format of that row
   * @param {Int32Array | Uint32Array | null} mask
   */
  aim(row, format, mask) {
    this.#set(AT.row, row === 0 ? this.#row : row);
    this.#set(AT.dtype, row === 0 ? this.#format : format > LK.F32 ? format : LK.F32);
    this.#set(AT.position, this.history.position);
    this.#set(AT.counts, this.history.counts);
    this.#set(AT.mask, 0);
    if (mask !== null) this.#aimMask(mask);
    // Their lists may grow the memory, which detaches what the caller gave: all of that was copied by now.
    this.#overlays?.aim(this.#struct);
    if (this.#biases?.sequences) this.#biases.update(this.history, this.#bias + 4 * this.#biases.ids.length);
  }

  /** @param {Int32Array | Uint32Array} mask */
  #aimMask(mask) {
    // An empty mask bans everything, and only null means that there is none: it has an address, too.
    const at = scratch(MASK, maskBytes(this.n), 'mask');
    if (tagOf(mask) === 'Int32Array') i32.set(mask, at >>> 2);
    else u32.set(mask, at >>> 2);
    this.#set(AT.mask, at);
    this.#set(AT.maskWords, mask.length);
  }

  /** Draws from what `aim` set. @param {string} where @returns {number} the token */
  sample(where) {
    const status = core().lk_sample(this.#struct, work(this.n, where));
    if (status !== LK.OK) throw this.#failure(where, status);
    return u32[(this.#struct + AT.token) >>> 2];
  }

  /** Lets the token that `sample` gave enter the history, and what it taught the state. @param {number} token */
  record(token) {
    const { history } = this;
    const { position } = history;
    const now = this.#state;
    const next = (this.#struct + AT.mirostatNext) >>> 3;
    let learned = false;
    for (let i = 0; i < LK.STATE; i++) if (!Object.is(f64[now + i], f64[next + i])) learned = true;
    if (learned) this.#trail.makeRoom(position - history.undoable);
    history.push(token);
    if (!learned) return;
    // The history may have moved the memory: the arrays over it are new, the places are the same.
    this.#trail.push(position, f64, now);
    f64.copyWithin(now, next, next + LK.STATE);
  }

  /** Undoes the last n tokens. @param {number} n at most `history.undoable` */
  rewind(n) {
    this.history.rewind(n);
    this.#trail.rewind(this.history.position, f64, this.#state);
  }

  /** Back to the start. */
  reset() {
    this.history.clear();
    this.#trail.clear();
    this.#forget();
  }

  /** Index of the state's first number. */
  get #state() {
    return (this.#struct + AT.mirostatMu) >>> 3;
  }

  #forget() {
    f64.fill(Number.NaN, this.#state, this.#state + LK.STATE);
  }

  /**
   * The law of what `aim` set.
   * @param {string} where
   * @param {number} top
   * @param {number} ids address of room for top ids
   * @param {number} probs
   * @returns {number} how many of them there are
   */
  distribution(where, top, ids, probs) {
    const status = core().lk_distribution(this.#struct, top, ids, probs, work(this.n, where));
    if (status !== LK.OK) throw this.#failure(where, status);
    const kept = u32[(this.#struct + AT.kept) >>> 2];
    return kept < top ? kept : top;
  }

  /** @param {string} where @param {number} status */
  #failure(where, status) {
    const row = u32[(this.#struct + AT.row) >>> 2];
    if (status === LK.MASKED) {
      const number = u32[(this.#struct + AT.stage) >>> 2];
      const stage = Object.entries(STAGES).find(([, value]) => value === number)?.[0];
      return maskedError(`${where}: x`, stage);
    }
    return failure(`${where}: x`, status, row, this.n, u32[(this.#struct + AT.dtype) >>> 2]);
  }

  dispose() {
    this.history.dispose();
    removeRoom(this.#row);
    release(this.#row);
    release(this.#struct);
    release(this.#bias);
    this.#overlays?.dispose();
    this.#overlays = null;
    if (this.#spared) leaveSpare(this.#bytes);
    this.#spared = false;
    this.#row = 0;
    this.#struct = 0;
    this.#bias = 0;
  }
}

/** Room for the longest mask of n tokens. @param {number} n */
const maskBytes = (n) => 4 * ((n + 31) >>> 5);
