/// <reference lib="esnext.disposable" preserve="true" />
import { LK } from '../dist/abi.js';
import { checkBoolean, checkNames, checkNumber, show, tagOf } from './check.js';
import { Frame } from './frame.js';
import { checkAttached, formatOf } from './read.js';
import { missingStage, planOf } from './settings.js';
import { tokensOf } from './tokens.js';

/**
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {import('./options.js').Settings} Settings
 *
 * Which tokens are allowed: bit v & 31 of word v >> 5 is 1 for an allowed token v, as xgrammar and llguidance write
 * it. Tokens behind the last word are banned.
 * @typedef {Int32Array | Uint32Array} Mask
 */

const VOCABULARY = { min: 1, max: LK.MAX_VOCAB, integer: true };
const ACCEPT = ['prompt'];

/** Frees what belongs to samplers that were forgotten without `dispose`. @type {FinalizationRegistry<Frame> | undefined} */
let forgotten;

/** What a call went by, beside the history. */
class Call {
  /** Address of its row, 0 for the sampler's own, and how it is stored. */
  row = 0;
  /** @type {number} */
  format = LK.F32;
  /** @type {Mask | null} */
  mask = null;
  /** @type {import('./settings.js').Plan | null} */
  plan = null;
  /** Whether its token is the last of the history. */
  recorded = false;
  /** What the option `logprobs` asked for, with the token's own at the end. @type {import('./logprobs.js').Logprobs | null} */
  raw = null;
}

/** What a sampler consists of; the modules of its methods share it. */
export class Parts {
  frame;
  plan;
  /** @type {Mask | null} */
  mask = null;
  /** The last token, -1 for none, and its position. */
  token = -1;
  position = 0;
  /** How many calls have given tokens. */
  calls = 0;
  /** What else the last of them was. */
  last = new Call();
  /** That as an object, once it was asked for. @type {import('./last.js').Last | null} */
  shown = null;
  /** What `draw` has found for the `raw` of a call to come. @type {import('./logprobs.js').Logprobs | null} */
  raw = null;

  /** @param {Frame} frame @param {import('./settings.js').Plan} plan */
  constructor(frame, plan) {
    this.frame = frame;
    this.plan = plan;
  }

  /** The frame, unless it was disposed of. @param {string} where @returns {Frame} */
  alive(where) {
    if (this.frame.at === 0) throw new TypeError(`${where}: this Sampler was disposed of`);
    return this.frame;
  }

  /** @param {string} what @param {any} x @param {unknown} dtype @returns {number} its format */
  checkRow(what, x, dtype) {
    const format = formatOf(what, x, dtype);
    const n = this.frame.n;
    if (x.length !== n) throw new RangeError(`${what} must have vocabSize = ${n} elements, got ${x.length}`);
    return format;
  }

  /** @param {string} what @param {Mask} mask */
  checkMask(what, mask) {
    const tag = tagOf(mask);
    if (tag !== 'Int32Array' && tag !== 'Uint32Array') {
      throw new TypeError(`${what} must be an Int32Array, a Uint32Array or null, got ${show(mask)}`);
    }
    checkAttached(what, mask);
    const most = (this.frame.n + 31) >>> 5;
    if (mask.length > most) {
      throw new RangeError(
        `${what} must have at most ${most} words for ${this.frame.n} tokens, got ${mask.length}`,
      );
    }
    if (!this.plan.rules.order.includes('mask')) {
      throw new RangeError(missingStage(what, 'a mask', 'mask', this.plan.settings));
    }
  }
}

/** Not a private field: the methods of several modules need them, and a class that lets them in is never dropped by bundlers. */
const PARTS = new WeakMap();

/** @param {Sequence} sampler @returns {Parts} */
export const partsOf = (sampler) => PARTS.get(sampler);

/**
 * Makes an object a sampler of these parts, which are freed when it is forgotten.
 * @template {object} S
 * @param {S} sampler
 * @param {Parts} parts
 * @returns {S}
 */
export function attach(sampler, parts) {
  PARTS.set(sampler, parts);
  if (typeof FinalizationRegistry === 'function') {
    forgotten ??= new FinalizationRegistry((held) => held.dispose());
    forgotten.register(sampler, parts.frame, sampler);
  }
  return sampler;
}

/** What a sampler is between two draws: its options, its history, its row and its mask. */
export class Sequence {
  /**
   * @param {number} vocabSize length of a row, in [1, 2^24]
   * @param {SamplerOptions} [options] see `OPTIONS`; what is not given is neutral
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   * @throws {UnsupportedError} this host cannot run the library
   */
  constructor(vocabSize, options) {
    checkNumber('Sampler: vocabSize', vocabSize, VOCABULARY);
    const plan = planOf('Sampler', options, vocabSize);
    const frame = new Frame(vocabSize, plan.settings.maxHistory);
    try {
      frame.configure('Sampler', plan);
    } catch (error) {
      frame.dispose();
      throw error;
    }
    attach(this, new Parts(frame, plan));
  }

  /** Length of a row. @returns {number} */
  get vocabSize() {
    return partsOf(this).frame.n;
  }

  /** The key of the random numbers; a bigint only above 2^53. @returns {number | bigint} */
  get seed() {
    return partsOf(this).plan.settings.seed;
  }

  /** Which of the seed's independent streams is used: 0, but for forks. @returns {number} */
  get stream() {
    return partsOf(this).frame.stream;
  }

  /** Output tokens since the start or `reset`: the next draw's address. Prompt tokens do not count. @returns {number} */
  get position() {
    return partsOf(this).frame.history.position;
  }

  /** Every option with its value, frozen: `new Sampler(vocabSize, sampler.options)` is a twin. @returns {Settings} */
  get options() {
    return partsOf(this).plan.settings;
  }

  /** A copy of the last `maxHistory` tokens, prompt included. @returns {Int32Array} */
  get history() {
    return partsOf(this).frame.history.toArray();
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
    return partsOf(this).alive('logits').logits;
  }

  /**
   * The mask of every call that does not give its own; null for none. Live: its words are read at each call.
   * @returns {Mask | null}
   */
  get mask() {
    return partsOf(this).mask;
  }

  /** @param {Mask | null} mask */
  set mask(mask) {
    partsOf(this).alive('mask');
    if (mask !== null) partsOf(this).checkMask('Sampler: mask', mask);
    partsOf(this).mask = mask;
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
    const { history, n } = partsOf(this).alive('accept');
    let prompt = false;
    if (options !== undefined) {
      checkNames('accept', options, ACCEPT);
      if (options.prompt !== undefined) prompt = checkBoolean('accept: prompt', options.prompt);
    }
    history.append(tokensOf('accept', tokens, n), prompt);
    partsOf(this).token = -1;
  }

  /**
   * Undoes the last n tokens of the output: history, counts, position, and what mirostat and adaptive have learned.
   *
   * @param {number} n at most the output tokens since the last one of the prompt, and within maxHistory
   * @returns {void}
   * @throws {TypeError | RangeError}
   */
  rewind(n) {
    const frame = partsOf(this).alive('rewind');
    frame.rewind(checkNumber('rewind: n', n, { min: 0, max: frame.history.undoable, integer: true }));
    partsOf(this).token = -1;
  }

  /** Forgets the history and goes back to position 0, with the same options, seed and mask. @returns {void} */
  reset() {
    partsOf(this).alive('reset').reset();
    partsOf(this).token = -1;
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
    const frame = partsOf(this).alive('configure');
    const plan = planOf('configure', options, frame.n, partsOf(this).plan);
    if (partsOf(this).mask !== null && !plan.rules.order.includes('mask')) {
      throw new RangeError(missingStage('configure', 'sampler.mask', 'mask', plan.settings));
    }
    frame.configure('configure', plan);
    partsOf(this).plan = plan;
  }

  /**
   * Gives its memory back. Using the sampler afterwards throws; disposing again does nothing. A sampler that is
   * forgotten without it is freed some time later.
   * @returns {void}
   */
  dispose() {
    partsOf(this).frame.dispose();
    forgotten?.unregister(this);
  }

  /**
   * `using sampler = new Sampler(...)`. Where the host does not know the symbol this is a method that nobody calls.
   * @returns {void}
   */
  [Symbol.dispose]() {
    this.dispose();
  }
}
