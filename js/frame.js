/**
 * What one sampler owns in the library's memory: its row, the core's struct that describes a step, and the bias. It
 * knows nothing of the Sampler it belongs to, so it can outlive one that was forgotten and be freed then.
 */
import { LK, SIZES } from '../dist/abi.js';
import { allocate, f32, f64, i32, release, retain, u8, u32 } from './arena.js';
import { impossible } from './bytes.js';
import { tagOf } from './check.js';
import { Family } from './family.js';
import { History } from './history.js';
import { core } from './instance.js';
import { prepareRaw } from './logprobs.js';
import { OPTIONS } from './options.js';
import { STAGES, stageName } from './order.js';
import { Overlays } from './overlays.js';
import { OwnRow } from './ownrow.js';
import { failure, maskedError } from './read.js';
import { MASK, maskBytes, scratch, work } from './scratch.js';
import { AT } from './struct.js';
import { Trail } from './trail.js';

/** Options that the core reads as they are: number fields of the same name (true is 1). */
const COPIED = /* @__PURE__ */ Object.values(OPTIONS)
  .filter(({ name, kind }) => (kind === 'number' || kind === 'integer' || kind === 'boolean') && name in AT)
  .map(({ name }) => name);
const HIGH = 2 ** 32;

export class Frame extends OwnRow {
  /** @type {History} */
  history;
  #struct = 0;
  #bias = 0;
  /** @type {import('./biases.js').Biases | null} */
  #biases = null;
  /** @type {Overlays | null} */
  #overlays = null;
  /** What mirostat and adaptive knew earlier. @type {Trail} */
  #trail;
  /** Whether any penalty reads counts. */
  #penalised = false;

  /**
   * @param {number} n
   * @param {number} maxHistory
   * @param {Frame | null} [from] whose history goes on here; null: nobody's. Either way the row comes when it is needed
   */
  constructor(n, maxHistory, from) {
    super(n, from?.family ?? new Family());
    const where = 'Sampler';
    core();
    this.history = from?.history.fork() ?? new History(n, maxHistory);
    this.#trail = from ? from.#trail.fork() : new Trail(LK.STATE);
    try {
      if (from === undefined) this.claim(where);
      this.#struct = allocate(SIZES.sampler + LK.STAGE_COUNT, where);
    } catch (error) {
      this.dispose();
      throw error;
    }
    u8.fill(0, this.#struct, this.#struct + SIZES.sampler);
    this.#set(AT.n, n);
    this.#set(AT.order, this.#struct + SIZES.sampler);
    this.#forget();
    if (from) f64.copyWithin(this.#state, from.#state, from.#state + LK.STATE);
  }

  /** Address of the core's struct; 0 once it was disposed of. */
  get at() {
    return this.#struct;
  }

  /** Which of the seed's streams is read. */
  get stream() {
    return u32[(this.#struct + AT.stream) >>> 2];
  }

  set stream(stream) {
    this.#set(AT.stream, stream);
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
   * @param {Frame} [from] another that they served until now
   */
  configure(where, { settings, rules, biases }, from) {
    const { ids, values: base } = biases;
    const count = ids.length;
    // `sample` must not grow the memory once it has x.
    if (settings.logprobs > 0) prepareRaw(where, this.n);
    const served = this.#overlays;
    // Ids, values, and room to save what they overlay: forks share what does not change between two calls.
    const shared = from && from.#biases === biases ? from.#bias : 0;
    const bias = shared || (count > 0 ? allocate(12 * count, where) : 0);
    retain(shared);
    let overlays = served;
    try {
      if (!served?.serves(settings)) {
        overlays = new Overlays(
          where,
          this.n,
          settings,
          this.history,
          served ?? (from ? from.#overlays : null),
        );
      }
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
    if (shared === 0) {
      u32.set(ids, bias >>> 2);
      f32.set(base, (bias >>> 2) + count);
    }
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
    f64[(this.#struct + AT.method) >>> 3] = OPTIONS.method.values.indexOf(settings.method);
    this.#penalised =
      settings.repetitionPenalty !== 1 || settings.frequencyPenalty !== 0 || settings.presencePenalty !== 0;
    const seed = BigInt(settings.seed);
    u32[(this.#struct + AT.seed) >>> 2] = Number(seed & 0xffffffffn);
    u32[(this.#struct + AT.seed + 4) >>> 2] = Number(seed >> 32n);
    rules.order.forEach((stage, i) => {
      u8[this.#struct + SIZES.sampler + i] = STAGES[stage];
    });
    this.#set(AT.orderCount, rules.order.length);
    this.#set(AT.rules, rules.flags);
  }

  /**
   * Prepares a step: everything that changes from call to call.
   * @param {number} row address, 0 for the sampler's own
   * @param {number} format of that row
   * @param {Int32Array | Uint32Array | null} mask
   */
  aim(row, format, mask) {
    this.#set(AT.row, row === 0 ? this.home : row);
    this.#set(AT.dtype, row === 0 ? this.homeFormat : format > LK.F32 ? format : LK.F32);
    this.#set(AT.position, this.history.position);
    this.#set(AT.counts, this.#penalised ? this.history.counts() : 0);
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

  /**
   * Draws from what `aim` set.
   * @param {string} where
   * @param {number} [row] which one of x it is, where x has several
   * @returns {number} the token
   */
  sample(where, row) {
    const status = core().lk_sample(this.#struct, work(this.n, where));
    if (status !== LK.OK) throw this.#failure(where, status, row);
    return u32[(this.#struct + AT.token) >>> 2];
  }

  /** Makes sure that `record` cannot fail. @throws {RangeError} memory that cannot grow */
  makeRoom() {
    const { history } = this;
    history.makeRoom(1);
    if (this.#learned) this.#trail.makeRoom(history.position - history.undoable);
  }

  /** Lets the token that `sample` gave enter the history, and what it taught the state. @param {number} token */
  record(token) {
    if (this.#learned) {
      this.#trail.push(this.history.position, f64, this.#state);
      f64.copyWithin(this.#state, this.#next, this.#next + LK.STATE);
    }
    this.history.push(token);
  }

  /** Whether the token that `sample` gave changes the state. */
  get #learned() {
    for (let i = 0; i < LK.STATE; i++) if (!Object.is(f64[this.#state + i], f64[this.#next + i])) return true;
    return false;
  }

  /** Undoes the last n tokens. @param {number} n at most `history.undoable` */
  rewind(n) {
    this.history.rewind(n);
    this.#trail.rewind(this.history.position, f64, this.#state);
  }

  /**
   * Looks from where the sequence was before its last token, which `record` has put there. Nobody can tell afterwards.
   * @template T
   * @param {() => T} look
   * @returns {T}
   */
  before(look) {
    const { history } = this;
    const token = history.at(history.end - 1);
    const after = f64.slice(this.#state, this.#state + LK.STATE);
    history.makeRoom(1);
    if (after.some((value) => value === value)) this.#trail.makeRoom(history.position - history.undoable);
    this.rewind(1);
    try {
      return look();
    } finally {
      const now = this.#state;
      if (after.some((value, i) => !Object.is(value, f64[now + i]))) {
        this.#trail.push(history.position, f64, now);
        f64.set(after, now);
      }
      history.push(token);
    }
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

  /** Index of the first number of the state after the token that `sample` gave. */
  get #next() {
    return (this.#struct + AT.mirostatNext) >>> 3;
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

  /**
   * What every stage leaves of what `aim` set.
   * @param {string} where
   * @param {number} records address of room for LK.STAGE_COUNT + 2 of them
   * @param {boolean} [bare] only the first: the row as it is
   * @returns {number} how many there are
   */
  trace(where, records, bare = false) {
    const memory = work(this.n, where);
    const order = (this.#struct + AT.orderCount) >>> 2;
    const count = u32[order];
    if (bare) u32[order] = 0;
    const status = core().lk_trace(this.#struct, records, memory);
    u32[order] = count;
    if (status !== LK.OK) throw this.#failure(where, status);
    return u32[(this.#struct + AT.kept) >>> 2];
  }

  /** The row that `aim` set, and how it is stored. */
  get row() {
    return u32[(this.#struct + AT.row) >>> 2];
  }

  get dtype() {
    return u32[(this.#struct + AT.dtype) >>> 2];
  }

  /** @param {string} where @param {number} status @param {number} [number] of the row */
  #failure(where, status, number) {
    const what = number === undefined ? `${where}: x` : `${where}: x (row ${number})`;
    if (status === LK.MASKED) return maskedError(what, stageName(u32[(this.#struct + AT.stage) >>> 2]));
    return failure(what, status, this.row, this.n, this.dtype, this.n * (number ?? 0));
  }

  /**
   * History and state, as `load` reads them.
   * @param {import('./bytes.js').Writer} out
   * @throws {RangeError} memory that cannot grow
   */
  save(out) {
    const { history } = this;
    out.integer(this.stream);
    this.family.save(out);
    history.save(out);
    const trail = this.#trail.save(history.position - history.undoable);
    const width = LK.STATE + 1;
    out.integer(trail.length / width);
    for (let i = 0; i < trail.length; i += width) {
      out.integer(trail[i]);
      out.doubles(trail.subarray(i + 1, i + width));
    }
    out.doubles(f64.subarray(this.#state, this.#state + LK.STATE));
  }

  /**
   * Takes over what `save` wrote; nothing happened here yet.
   * @param {import('./bytes.js').Reader} from
   * @throws {StateError}
   */
  load(from) {
    const { history } = this;
    this.stream = from.integer(4294967295);
    this.family.load(from);
    this.family.use(this.stream);
    history.load(from);
    let least = history.position - history.undoable;
    for (let more = from.integer(from.left); more > 0; more--) {
      const position = from.integer(history.position - 1);
      if (position < least) throw impossible();
      least = position + 1;
      this.#trail.makeRoom(0);
      this.#trail.push(position, readState(from), 0);
    }
    f64.set(readState(from), this.#state);
  }

  dispose() {
    this.leave();
    this.history.dispose();
    release(this.#struct);
    release(this.#bias);
    this.#overlays?.dispose();
    this.#overlays = null;
    this.#struct = 0;
    this.#bias = 0;
  }
}

/**
 * What mirostat and adaptive know: mu, then sum and weight, whose mean is the average of probabilities.
 * @param {import('./bytes.js').Reader} from
 */
function readState(from) {
  const state = from.doubles(LK.STATE);
  const [, sum, weight] = state;
  const none = sum !== sum && weight !== weight;
  if (!none && !(sum >= 0 && sum < Infinity && weight >= 1 && weight < Infinity)) {
    throw impossible();
  }
  return state;
}
