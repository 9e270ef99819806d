/// <reference lib="esnext.disposable" preserve="true" />
import { LK } from '../dist/abi.js';
import { isInside } from './alloc.js';
import { f32, i32 } from './arena.js';
import { checkBoolean, checkNames, checkNumber, MOST, show, tagOf } from './check.js';
import { Frame } from './frame.js';
import { checkAttached, formatOf, revived } from './read.js';
import { IDS, ROW, rowBytes, scratch, VALUES } from './scratch.js';
import { missingStage, planOf } from './settings.js';
import { tokensOf } from './tokens.js';

/**
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {import('./options.js').Settings} Settings
 * @typedef {import('./read.js').Row} Row
 *
 * Which tokens are allowed: bit v & 31 of word v >> 5 is 1 for an allowed token v, as xgrammar and llguidance write
 * it. Tokens behind the last word are banned.
 * @typedef {Int32Array | Uint32Array} Mask
 *
 * @typedef {object} SampleOptions
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {Mask | null} [mask] for this call instead of `sampler.mask`; null: none
 * @property {boolean} [record] true: the token enters the history and the position moves on
 *
 * @typedef {object} DistributionOptions
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {Mask | null} [mask] for this call instead of `sampler.mask`; null: none
 * @property {number} [top] at most so many, the likeliest; all
 *
 * @typedef {object} Distribution
 * @property {Int32Array} ids tokens that can be drawn, the likeliest first
 * @property {Float32Array} probs their probabilities, relative to all that can be drawn
 *
 * @typedef {object} Last
 * @property {number} token
 * @property {number} position that it was drawn for
 */

const VOCABULARY = { min: 1, max: LK.MAX_VOCAB, integer: true };
const TOP = { min: 1, max: MOST, integer: true };
const SAMPLE = ['dtype', 'mask', 'record'];
const DISTRIBUTION = ['dtype', 'mask', 'top'];
const ACCEPT = ['prompt'];

/** Frees what belongs to samplers that were forgotten without `dispose`. @type {FinalizationRegistry<Frame> | undefined} */
let forgotten;

/**
 * Draws the tokens of one sequence: a chain of stages over a row of logits, the history of the sequence, and a seed.
 * The same row, history, options, seed and position give the same token, everywhere.
 *
 * @example
 * const sampler = new Sampler(vocabSize, { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 42 });
 * sampler.accept(promptTokens, { prompt: true });
 * const token = sampler.sample(logits);
 */
export class Sampler {
  /** @type {Frame} */
  #frame;
  /** @type {import('./settings.js').Plan} */
  #plan;
  /** @type {Mask | null} */
  #mask = null;
  /** The last token, -1 for none, and its position. */
  #token = -1;
  #position = 0;

  /**
   * @param {number} vocabSize length of a row, in [1, 2^24]
   * @param {SamplerOptions} [options] see `OPTIONS`; what is not given is neutral
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   * @throws {UnsupportedError} this host cannot run the library
   */
  constructor(vocabSize, options) {
    checkNumber('Sampler: vocabSize', vocabSize, VOCABULARY);
    this.#plan = planOf('Sampler', options, vocabSize);
    this.#frame = new Frame(vocabSize, this.#plan.settings.maxHistory);
    try {
      this.#frame.configure('Sampler', this.#plan);
    } catch (error) {
      this.#frame.dispose();
      throw error;
    }
    if (typeof FinalizationRegistry === 'function') {
      forgotten ??= new FinalizationRegistry((frame) => frame.dispose());
      forgotten.register(this, this.#frame, this);
    }
  }

  /** Length of a row. @returns {number} */
  get vocabSize() {
    return this.#frame.n;
  }

  /** The key of the random numbers; a bigint only above 2^53. @returns {number | bigint} */
  get seed() {
    return this.#plan.settings.seed;
  }

  /** Which of the seed's independent streams is used. @returns {number} */
  get stream() {
    return 0;
  }

  /** Output tokens since the start or `reset`: the next draw's address. Prompt tokens do not count. @returns {number} */
  get position() {
    return this.#frame.history.position;
  }

  /** Every option with its value, frozen: `new Sampler(vocabSize, sampler.options)` is a twin. @returns {Settings} */
  get options() {
    return this.#plan.settings;
  }

  /** A copy of the last `maxHistory` tokens, prompt included. @returns {Int32Array} */
  get history() {
    return this.#frame.history.toArray();
  }

  /**
   * What the last `sample` gave: token and the position it was drawn for. Null before the first call and after rewind,
   * reset and accept. Without probabilities: a draw does not compute them, `distribution` does.
   * @returns {Last | null}
   */
  get last() {
    return this.#token < 0 ? null : { token: this.#token, position: this.#position };
  }

  /**
   * This sampler's row: write logits into it and call `sample()` without x, and nothing is copied. After `sample(x)`
   * it holds x, as float32 (unless x came from `alloc`: such a row is used where it stands).
   *
   * Growing memory detaches arrays, so read the property each step; `sample()` throws where the last one you were
   * given is detached.
   * @returns {Float32Array}
   */
  get logits() {
    return this.#alive('logits').logits;
  }

  /**
   * The mask of every call that does not give its own; null for none. Live: its words are read at each call.
   * @returns {Mask | null}
   */
  get mask() {
    return this.#mask;
  }

  /** @param {Mask | null} mask */
  set mask(mask) {
    this.#alive('mask');
    if (mask !== null) this.#checkMask('Sampler: mask', mask);
    this.#mask = mask;
  }

  /**
   * The next token.
   *
   * float64 and number[] are rounded to float32 as they are, since penalties depend on the sign of a logit.
   *
   * @param {Row | null} [x] logits, vocabSize of them; absent: what `sampler.logits` holds
   * @param {SampleOptions} [options]
   * @returns {number}
   * @throws {LogitsError} NaN among the logits, or nothing left to draw
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  sample(x, options) {
    const frame = this.#alive('sample');
    let dtype;
    let mask = this.#mask;
    let record = true;
    if (options !== undefined) {
      checkNames('sample', options, SAMPLE);
      dtype = options.dtype;
      if (options.mask !== undefined) mask = options.mask;
      if (options.record !== undefined) record = checkBoolean('sample: record', options.record);
    }
    if (mask !== null) this.#checkMask('sample: mask', mask);

    /** @type {number} */
    let format = LK.F32;
    let row = 0;
    if (x !== undefined && x !== null) format = this.#checkRow('sample: x', x, dtype);
    if (x === undefined || x === null || frame.isOwn(x)) frame.checkOwn('sample');
    else row = frame.bring('sample: x', x, format, frame.spare);
    frame.aim(row, format, mask);
    const token = frame.sample('sample');
    const position = frame.history.position;
    if (record) frame.record(token);
    if (row !== 0 && row === frame.spare) frame.adopt(format);
    this.#token = token;
    this.#position = position;
    return token;
  }

  /**
   * The exact law of the token that `sample` would give: what can be drawn, the likeliest first. Changes nothing.
   *
   * @param {Row | null} [x] logits, vocabSize of them; absent: what `sampler.logits` holds
   * @param {DistributionOptions} [options]
   * @returns {Distribution}
   * @throws {LogitsError} NaN among the logits, or nothing left to draw
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  distribution(x, options) {
    const frame = this.#alive('distribution');
    const { n } = frame;
    if (options !== undefined) checkNames('distribution', options, DISTRIBUTION);
    const { dtype, mask = this.#mask, top = n } = options ?? {};
    checkNumber('distribution: top', top, TOP);
    if (mask !== null) this.#checkMask('distribution: mask', mask);
    const most = top < n ? top : n;
    const own = x === undefined || x === null || frame.isOwn(x);
    if (own) frame.checkOwn('distribution');
    const format = x === undefined || x === null ? LK.F32 : this.#checkRow('distribution: x', x, dtype);

    const offset = ArrayBuffer.isView(x) && isInside(x) ? x.byteOffset : -1;
    const ids = scratch(IDS, rowBytes(most), 'distribution');
    const probs = scratch(VALUES, rowBytes(most), 'distribution');
    const copy = scratch(ROW, rowBytes(n), 'distribution');
    let row = 0;
    if (!own) {
      const kept = ArrayBuffer.isView(x) ? revived(x, offset, n) : x;
      row = frame.bring('distribution: x', kept, format, copy);
    }
    frame.aim(row, format, mask);
    const count = frame.distribution('distribution', most, ids, probs);
    return {
      ids: i32.slice(ids >>> 2, (ids >>> 2) + count),
      probs: f32.slice(probs >>> 2, (probs >>> 2) + count),
    };
  }

  /**
   * Appends tokens to the history: of the prompt, or that came from elsewhere. Tokens of the output take a position
   * each, those of the prompt take none. mirostat and adaptive learn nothing: they would need probabilities.
   *
   * @param {import('./tokens.js').Tokens} tokens
   * @param {{ prompt?: boolean }} [options] prompt: false
   * @returns {void}
   * @throws {TypeError | RangeError} a token outside the vocabulary; none is appended then
   */
  accept(tokens, options) {
    const { history, n } = this.#alive('accept');
    let prompt = false;
    if (options !== undefined) {
      checkNames('accept', options, ACCEPT);
      if (options.prompt !== undefined) prompt = checkBoolean('accept: prompt', options.prompt);
    }
    history.append(tokensOf('accept', tokens, n), prompt);
    this.#token = -1;
  }

  /**
   * Undoes the last n tokens of the output: history, counts, position, and what mirostat and adaptive have learned.
   *
   * @param {number} n at most the output tokens since the last one of the prompt, and within maxHistory
   * @returns {void}
   * @throws {TypeError | RangeError}
   */
  rewind(n) {
    const frame = this.#alive('rewind');
    frame.rewind(checkNumber('rewind: n', n, { min: 0, max: frame.history.undoable, integer: true }));
    this.#token = -1;
  }

  /** Forgets the history and goes back to position 0, with the same options, seed and mask. @returns {void} */
  reset() {
    this.#alive('reset').reset();
    this.#token = -1;
  }

  /**
   * Changes the options that are given and keeps the others, the history, the position, and what mirostat and adaptive
   * have learned, also while they are off.
   *
   * @param {SamplerOptions} options
   * @returns {void}
   * @throws {TypeError | RangeError} nothing is changed then
   */
  configure(options) {
    const frame = this.#alive('configure');
    const plan = planOf('configure', options, frame.n, this.#plan);
    if (this.#mask !== null && !plan.rules.order.includes('mask')) {
      throw new RangeError(missingStage('configure', 'sampler.mask', 'mask', plan.settings));
    }
    frame.configure('configure', plan);
    this.#plan = plan;
  }

  /**
   * Gives its memory back. Using the sampler afterwards throws; disposing again does nothing. A sampler that is
   * forgotten without it is freed some time later.
   * @returns {void}
   */
  dispose() {
    this.#frame.dispose();
    forgotten?.unregister(this);
  }

  /**
   * `using sampler = new Sampler(...)`. Where the host does not know the symbol this is a method that nobody calls.
   * @returns {void}
   */
  [Symbol.dispose]() {
    this.dispose();
  }

  /** @param {string} where @returns {Frame} */
  #alive(where) {
    if (this.#frame.disposed) throw new TypeError(`${where}: this Sampler was disposed of`);
    return this.#frame;
  }

  /** @param {string} what @param {any} x @param {unknown} dtype @returns {number} its format */
  #checkRow(what, x, dtype) {
    const format = formatOf(what, x, dtype);
    const n = this.#frame.n;
    if (x.length !== n) throw new RangeError(`${what} must have vocabSize = ${n} elements, got ${x.length}`);
    return format;
  }

  /** @param {string} what @param {Mask} mask */
  #checkMask(what, mask) {
    const tag = tagOf(mask);
    if (tag !== 'Int32Array' && tag !== 'Uint32Array') {
      throw new TypeError(`${what} must be an Int32Array, a Uint32Array or null, got ${show(mask)}`);
    }
    checkAttached(what, mask);
    const most = (this.#frame.n + 31) >>> 5;
    if (mask.length > most) {
      throw new RangeError(
        `${what} must have at most ${most} words for ${this.#frame.n} tokens, got ${mask.length}`,
      );
    }
    if (!this.#plan.rules.order.includes('mask')) {
      throw new RangeError(missingStage(what, 'a mask', 'mask', this.#plan.settings));
    }
  }
}
