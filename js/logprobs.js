/** Logarithms of probabilities with their ranks: the model's, and those that the chain has made. */
import { LK } from '../dist/abi.js';
import { f32, i32, u32 } from './arena.js';
import { checkChoice, checkNames, checkNumber, MOST } from './check.js';
import { core } from './instance.js';
import { atLast } from './look.js';
import { CELL, IDS, ROW, rowBytes, scratch, VALUES, work } from './scratch.js';
import { tokensOf } from './tokens.js';

/**
 * @typedef {object} Logprobs one entry for each token
 * @property {Int32Array} ids
 * @property {Float32Array} logprobs nats; -Infinity for what cannot be drawn
 * @property {Int32Array} ranks 1 for the likeliest, among equals the lowest id first; 0 where the logprob is -Infinity
 *
 * @typedef {object} LogprobsOptions
 * @property {number} [top] so many of the likeliest come first, descending; 0
 * @property {import('./tokens.js').Tokens} [ids] these come behind them, in their order; without top and ids: the token drawn
 * @property {'raw' | 'final'} [mode] 'raw': of the model's logits, before any stage, at temperature 1. 'final': of the law
 *   that the token was drawn from, as `distribution` gives it
 *
 * @typedef {import('./look.js').Parts} Parts
 * @typedef {import('./frame.js').Frame} Frame
 */

const OPTIONS = ['top', 'ids', 'mode'];
const MODES = ['raw', 'final'];
const TOP = { min: 0, max: MOST, integer: true };
/** Up to so many ids are counted or searched one by one; a table of all places pays off behind that. */
const FEW = 32;

/**
 * @param {Parts} parts
 * @param {LogprobsOptions} [options]
 * @returns {Logprobs}
 */
export function logprobsOf(parts, options = {}) {
  const { frame, token, calls } = parts;
  parts.alive('logprobs');
  checkNames('logprobs', options, OPTIONS);
  const { top = 0, ids, mode = 'raw' } = options;
  checkNumber('logprobs: top', top, TOP);
  checkChoice('logprobs: mode', mode, MODES);
  const asked = ids === undefined ? null : tokensOf('logprobs: ids', ids, frame.n);
  const some = asked ?? (options.top === undefined ? [token] : []);
  return atLast('logprobs', parts, calls, mode === 'final', () =>
    (mode === 'raw' ? rawOf : finalOf)('logprobs', frame, top, some),
  );
}

/** Takes the memory that `rawOf` needs for rows of n. @param {string} where @param {number} n */
export function prepareRaw(where, n) {
  work(n, where);
  scratch(CELL, 16, where);
  for (const piece of [IDS, VALUES, ROW]) scratch(piece, rowBytes(n), where);
}

/**
 * Of the row that `frame` is aimed at: what `logSoftmax` gives for it as float32, to the bit.
 * @param {string} where
 * @param {Frame} frame
 * @param {number} top
 * @param {ArrayLike<number>} ids
 */
export function rawOf(where, frame, top, ids) {
  const { n, dtype } = frame;
  const lk = core();
  prepareRaw(where, n);
  const memory = work(n, where);
  const order = scratch(IDS, rowBytes(n), where);
  const out = scratch(VALUES, rowBytes(n), where);
  const count = scratch(CELL, 16, where);
  let { row } = frame;
  if (dtype !== LK.F32) {
    const wide = scratch(ROW, rowBytes(n), where);
    lk.lk_widen(row, n, dtype, wide);
    row = wide;
  }
  const many = ids.length > FEW;
  const wish = many || top > n ? n : top;
  lk.lk_top_k(row, n, wish, order, out, count, memory);
  const sorted = i32.subarray(order >>> 2, (order >>> 2) + u32[count >>> 2]);
  lk.lk_log_softmax(row, n, 1, out, memory);
  const x = f32.subarray(row >>> 2, (row >>> 2) + n);
  const logprobs = f32.subarray(out >>> 2, (out >>> 2) + n);
  return listed(sorted, top, ids, many ? placesOf(sorted, n) : (id) => placeOf(x, id), (id) => logprobs[id]);
}

/**
 * Of the law of what `frame` is aimed at.
 * @param {string} where
 * @param {Frame} frame
 * @param {number} top
 * @param {ArrayLike<number>} ids
 */
export function finalOf(where, frame, top, ids) {
  const { n } = frame;
  const lk = core();
  const order = scratch(IDS, rowBytes(n), where);
  const out = scratch(VALUES, rowBytes(n), where);
  const kept = frame.distribution(where, n, order, out);
  const sorted = i32.subarray(order >>> 2, (order >>> 2) + kept);
  const probs = f32.subarray(out >>> 2, (out >>> 2) + kept);
  const places = ids.length > FEW ? placesOf(sorted, n) : (/** @type {number} */ id) => sorted.indexOf(id);
  return {
    ...listed(sorted, top, ids, places, (_, place) => (place < 0 ? -Infinity : lk.lk_log(probs[place]))),
    kept,
  };
}

/**
 * @param {Int32Array} sorted the likeliest tokens, descending
 * @param {number} top so many of them, unless they are impossible
 * @param {ArrayLike<number>} ids and these
 * @param {(id: number) => number} placeAmong all tokens, from 0; -1 if it has none
 * @param {(id: number, place: number) => number} logprobOf
 * @returns {Logprobs}
 */
function listed(sorted, top, ids, placeAmong, logprobOf) {
  let first = Math.min(top, sorted.length);
  while (first > 0 && logprobOf(sorted[first - 1], first - 1) === -Infinity) first--;
  const all = new Int32Array(first + ids.length);
  all.set(sorted.subarray(0, first));
  all.set(ids, first);
  const logprobs = new Float32Array(all.length);
  const ranks = new Int32Array(all.length);
  all.forEach((id, i) => {
    const place = i < first ? i : placeAmong(id);
    logprobs[i] = logprobOf(id, place);
    if (logprobs[i] > -Infinity) ranks[i] = place + 1;
  });
  return { ids: all, logprobs, ranks };
}

/** How many logits stand before that of id. @param {Float32Array} x @param {number} id */
function placeOf(x, id) {
  const z = x[id];
  let place = 0;
  for (let i = 0; i < id; i++) if (x[i] >= z) place++;
  for (let i = id + 1; i < x.length; i++) if (x[i] > z) place++;
  return place;
}

/** @param {Int32Array} sorted @param {number} n @returns {(id: number) => number} */
function placesOf(sorted, n) {
  const places = new Int32Array(n).fill(-1);
  sorted.forEach((id, place) => {
    places[id] = place;
  });
  return (id) => places[id];
}
