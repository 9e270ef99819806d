import { LK } from '../dist/abi.js';
import { f32, i32 } from './arena.js';
import { checkBoolean, checkNames, checkNumber, MOST } from './check.js';
import { draft } from './draft.js';
import { draw, keep } from './draw.js';
import { fork } from './fork.js';
import { lastOf } from './last.js';
import { logprobsOf } from './logprobs.js';
import { aimAt } from './look.js';
import { sampleBatch } from './samplebatch.js';
import { spread } from './samplefrom.js';
import { sampleN } from './samplen.js';
import { load, save } from './save.js';
import { IDS, rowBytes, scratch, VALUES } from './scratch.js';
import { partsOf, Sequence } from './sequence.js';
import { traceOf } from './trace.js';
import { verify } from './verify.js';

/**
 * @typedef {import('./sequence.js').Mask} Mask
 * @typedef {import('./read.js').Row} Row
 * @typedef {import('./last.js').Last} Last
 * @typedef {import('./look.js').LookOptions} LookOptions
 * @typedef {import('./trace.js').TraceStage} TraceStage
 * @typedef {import('./logprobs.js').Logprobs} Logprobs
 * @typedef {import('./logprobs.js').LogprobsOptions} LogprobsOptions
 * @typedef {import('./samplefrom.js').SampleFromOptions} SampleFromOptions
 * @typedef {import('./samplebatch.js').BatchOptions} BatchOptions
 *
 * @typedef {object} SampleOptions
 * @property {import('./read.js').Dtype} [dtype] how a `Uint16Array` is to be read
 * @property {Mask | null} [mask] for this call instead of `sampler.mask`; null: none
 * @property {boolean} [record] true: the token enters the history and the position moves on
 *
 * @typedef {LookOptions & { top?: number }} DistributionOptions top: at most so many, the likeliest; all
 *
 * @typedef {LookOptions & { replace?: boolean }} SampleNOptions replace: true; false: all different
 *
 * @typedef {object} DraftOptions
 * @property {number} [max] 8: at most so many tokens
 * @property {number} [ngram] 3: so many last tokens have to have come before
 * @property {number} [min] 1: where they have not, fewer will do, down to so many
 *
 * @typedef {object} Verified
 * @property {Int32Array} tokens what comes out: the accepted drafts and one more
 * @property {number} accepted how many drafts are among them
 *
 * @typedef {object} Distribution
 * @property {Int32Array} ids tokens that can be drawn, the likeliest first
 * @property {Float32Array} probs their probabilities, relative to all that can be drawn
 */

const TOP = { min: 1, max: MOST, integer: true };
const SAMPLE = ['dtype', 'mask', 'record'];
const DISTRIBUTION = ['dtype', 'mask', 'top'];

/**
 * Draws the tokens of one sequence: a chain of stages over a row of logits, the history of the sequence, and a seed.
 * The same row, history, options, seed and position give the same token, everywhere.
 *
 * @example
 * const sampler = new Sampler(vocabSize, { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 42 });
 * sampler.accept(promptTokens, { prompt: true });
 * const token = sampler.sample(logits);
 */
export class Sampler extends Sequence {
  /**
   * A sampler from what `save` gave: vocabulary, options, mask, history, position, stream and all that its stages have
   * learned, so that it draws, rewinds and forks as the saved one would have. Its row is empty, `last` is null, and its
   * mask a copy that is live from now on.
   *
   * @example
   * const again = Sampler.load(sampler.save());
   *
   * @param {Uint8Array | ArrayBufferLike} bytes are copied
   * @returns {Sampler}
   * @throws {StateError} foreign or damaged bytes, another version; memory that cannot grow
   * @throws {TypeError} no bytes
   * @throws {UnsupportedError} this host cannot run the library
   */
  static load(bytes) {
    return load(blank(), bytes);
  }

  /**
   * The next token of each of many sequences: what `samplers[r].sample(row r of x)` gives, one after the other, but all
   * or nothing. An error about one of them carries its index as `row`, and all samplers are as they were.
   *
   * @example
   * const tokens = Sampler.sampleBatch(logits, [first, second]); // 2 x vocabSize logits
   *
   * @param {Row} x logits, row-major: samplers.length rows of vocabSize
   * @param {readonly Sampler[]} samplers different ones, of one vocabSize
   * @param {BatchOptions} [options]
   * @returns {Int32Array} a token for each
   * @throws {LogitsError} NaN among the logits, or nothing left to draw; its `index` counts from the first row on
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  static sampleBatch(x, samplers, options) {
    return sampleBatch(x, samplers, options);
  }

  /**
   * A sibling: it has the same history, position, options and mask array (the same one, live in both) and all that the
   * stages have learned, and goes its own way from here, with random numbers of another stream. What both have in
   * common is stored once, so a fork costs little, whatever the history's length. Its row is empty and `last` is null.
   *
   * @example
   * const candidates = Array.from({ length: 8 }, () => sampler.fork());
   * const tokens = candidates.map((candidate) => candidate.sample(logits));
   *
   * @param {{ stream?: number }} [options] stream: integer in [0, 2^32), also one that is in use: the two then draw the
   *   same from the same. Absent: one that no sampler of the family (this one, what it was forked from, all their
   *   forks) has had
   * @returns {this}
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  fork(options) {
    return fork(this, partsOf(this), options);
  }

  /**
   * All that this sampler is, as bytes that are the same on every machine: `Sampler.load` makes an equal one of them.
   * They have a version and a checksum. Of the mask they hold the words as they are now; the row and `last` are left
   * out. About 2 to 3 bytes for each token of the history, and 10 more where mirostat is on (18 with adaptive).
   *
   * @returns {Uint8Array}
   * @throws {TypeError | RangeError} a disposed sampler; memory that cannot grow
   */
  save() {
    return save(partsOf(this));
  }

  /**
   * About the last call. Null before the first and after rewind, reset and accept.
   * @returns {Last | null}
   */
  get last() {
    return lastOf(partsOf(this));
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
    const parts = partsOf(this);
    const frame = parts.alive('sample');
    let dtype;
    let mask = parts.mask;
    let record = true;
    if (options !== undefined) {
      checkNames('sample', options, SAMPLE);
      dtype = options.dtype;
      if (options.mask !== undefined) mask = options.mask;
      if (options.record !== undefined) record = checkBoolean('sample: record', options.record);
    }
    if (mask !== null) parts.checkMask('sample: mask', mask);

    /** @type {number} */
    let format = LK.F32;
    let row = 0;
    if (x !== undefined && x !== null) format = parts.checkRow('sample: x', x, dtype);
    if (x === undefined || x === null || frame.isOwn(x)) frame.checkOwn('sample');
    else row = frame.take('sample: x', x, format);
    return keep(parts, draw('sample', parts, row, format, mask, record), row, format, mask, record);
  }

  /**
   * The next token, from candidates alone: exactly the token of a row that has -Infinity everywhere else, which becomes
   * `sampler.logits`. So all laws are relative to the candidates: the probability of what is not among them is unknown,
   * and stages that look at the whole row (topNSigma, typical, entropies, `last.logprob`) see nothing else.
   *
   * @example
   * const token = sampler.sampleFrom([306, 338, 29871], [-0.4, -1.5, -3.2], { kind: 'logprobs' });
   *
   * @param {import('./tokens.js').Tokens} ids distinct, each in [0, vocabSize)
   * @param {Row} x their logits, or their logprobs in nats: as many; -Infinity is masked
   * @param {SampleFromOptions} [options]
   * @returns {number}
   * @throws {LogitsError} no candidate, NaN among them (`index` counts candidates), or nothing left to draw
   * @throws {RangeError} ids outside the vocabulary or twice; another length; a logprob above 0; with kind 'logprobs' the
   *   options repetitionPenalty and lengthPenalty, which ask for the sign or the size of logits
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  sampleFrom(ids, x, options) {
    const parts = partsOf(this);
    const { row, mask, record } = spread(parts, ids, x, options);
    return keep(parts, draw('sampleFrom', parts, row, LK.F32, mask, record), row, LK.F32, mask, record);
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
    const parts = partsOf(this);
    const frame = parts.alive('distribution');
    const { n } = frame;
    if (options !== undefined) checkNames('distribution', options, DISTRIBUTION);
    const { top = n, ...rest } = options ?? {};
    checkNumber('distribution: top', top, TOP);
    const most = top < n ? top : n;
    const bytes = rowBytes(most);
    aimAt('distribution', parts, x, rest, bytes);
    const ids = scratch(IDS, bytes, 'distribution');
    const probs = scratch(VALUES, bytes, 'distribution');
    const count = frame.distribution('distribution', most, ids, probs);
    return {
      ids: i32.slice(ids >>> 2, (ids >>> 2) + count),
      probs: f32.slice(probs >>> 2, (probs >>> 2) + count),
    };
  }

  /**
   * What every stage leaves: the first entry, 'logits', is what entered, then comes each stage that is active, in its order;
   * behind a greedy temperature there is none, and 'draw' is listed where `transform` is not softmax. With a row it tells
   * what `sample` would do, without drawing; without one, what the last call did, with the state before it. XTC acts as it
   * does at that position. Changes nothing.
   *
   * @example
   * for (const { stage, kept, mass } of sampler.trace(logits)) console.log(stage, kept, mass);
   *
   * @param {Row | null} [x] logits, vocabSize of them; absent: the last call. Its row and its mask are read again: what was
   *   written to them since shows
   * @param {LookOptions} [options] with x only
   * @returns {TraceStage[]}
   * @throws {LogitsError} NaN among the logits, or nothing left to draw
   * @throws {TypeError} without x: no last call, or its row or the options were replaced since
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  trace(x, options) {
    return traceOf(partsOf(this), x, options);
  }

  /**
   * Logprobs and ranks of the last call. The row is read again: what was written to it since shows.
   *
   * @example
   * sampler.sample(logits);
   * const { ids, logprobs, ranks } = sampler.logprobs({ top: 5 });
   *
   * @param {LogprobsOptions} [options] mode 'raw' unless said
   * @returns {Logprobs}
   * @throws {TypeError} no last call, or its row was replaced since; with mode 'final' also: the options were changed
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  logprobs(options) {
    const { ids, logprobs, ranks } = logprobsOf(partsOf(this), options);
    return { ids, logprobs, ranks };
  }

  /**
   * Several tokens for the same position. Records nothing, and what `sample` gives next is independent of them.
   *
   * With replacement each is drawn as `sample` would, by random numbers of its own, also for XTC. Without, they are drawn
   * one after the other from `distribution`, each time without those that came: in the order of ln p + Gumbel noise, one
   * for each token (Gumbel top-k: Kool, van Hoof, Welling 2019).
   *
   * @example
   * const votes = sampler.sampleN(logits, 16);
   * const beams = sampler.sampleN(logits, 4, { replace: false });
   *
   * @param {Row | null | undefined} x logits, vocabSize of them; absent: what `sampler.logits` holds
   * @param {number} n in [1, 2^31); without replacement at most as many as can be drawn
   * @param {SampleNOptions} [options]
   * @returns {Int32Array} n tokens in the order they were drawn
   * @throws {LogitsError} NaN among the logits, or nothing left to draw
   * @throws {TypeError | RangeError} arguments; memory that cannot grow
   */
  sampleN(x, n, options = {}) {
    const parts = partsOf(this);
    parts.alive('sampleN');
    return sampleN(parts, x, n, options);
  }

  /**
   * Tokens that may come next, for `verify`: what followed the last `ngram` tokens when they came before, the latest
   * time; where they never did, what followed the last `ngram` - 1, and so on down to `min`. Saxena 2023, prompt lookup
   * decoding; vLLM's n-gram speculator.
   *
   * @example
   * sampler.accept([1, 2, 3, 4, 1, 2], { prompt: true });
   * const guess = sampler.draft({ max: 2 }); // 3, 4
   *
   * @param {DraftOptions} [options]
   * @returns {Int32Array} empty where nothing fits
   * @throws {TypeError | RangeError}
   */
  draft(options = {}) {
    return draft(partsOf(this).alive('draft').history, options);
  }

  /**
   * Speculative decoding: accepts the first drafts and adds one token, so that what comes out has the law of as many calls
   * of `sample`, whatever was drafted. Row i is what the model says after i drafts, and passes the whole chain with those
   * drafts in the history. A draft of probability q is accepted with probability min(1, p / q), p by `distribution`; the
   * first that is not is replaced by a token drawn by max(p - q, 0), and where all were, the last row gives one as `sample`
   * does. All tokens are recorded; `last` is about the last of them, and `logits` holds its row. Leviathan et al. 2023, Chen
   * et al. 2023.
   *
   * @example
   * const guess = sampler.draft();
   * const rows = model(guess);                                  // guess.length + 1 rows of logits, in one forward pass
   * const { tokens } = sampler.verify(guess, null, rows);
   *
   * @param {import('./tokens.js').Tokens} draft k tokens, also none
   * @param {Float32Array | Float64Array | readonly number[] | null} draftProbs the law that each was drawn from: k rows of
   *   vocabSize probabilities, row-major; they are divided by their sum, which must be 1 within 1e-3. Null: the drafts were
   *   certain, not drawn
   * @param {Row} targetRows k + 1 rows of vocabSize logits, row-major
   * @param {{ dtype?: import('./read.js').Dtype }} [options] how a `Uint16Array` of logits is to be read
   * @returns {Verified}
   * @throws {LogitsError} with `row`: NaN among its logits, or nothing left to draw. Rows behind a rejected draft are not
   *   looked at
   * @throws {TypeError | RangeError} arguments: sizes, probabilities below 0 or of another sum, a draft of probability 0;
   *   memory that cannot grow
   */
  verify(draft, draftProbs, targetRows, options = {}) {
    const parts = partsOf(this);
    parts.alive('verify');
    return verify(parts, draft, draftProbs, targetRows, options);
  }
}

/** A sampler that `load` fills. Outside the class: bundlers rename a class that names itself. */
const blank = () => Object.create(Sampler.prototype);
