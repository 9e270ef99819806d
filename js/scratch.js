/** Memory that only one call uses: shared by all functions and samplers, as large as the largest row so far needed. */
import { LK } from '../dist/abi.js';
import { allocate, release } from './arena.js';
import { core } from './instance.js';

/** Bytes of a row of n float32 logits with its padding. @param {number} n */
export const rowBytes = (n) => 4 * ((n + (LK.PAD - 1)) & ~(LK.PAD - 1));

/** Room for the longest mask of n tokens. @param {number} n */
export const maskBytes = (n) => 4 * ((n + 31) >>> 5);

/** The pieces by number. ROW, IDS and VALUES are rows, MASK is a bitmask, CELL holds results of a few bytes. */
export const ROW = 0;
export const IDS = 1;
export const VALUES = 2;
export const MASK = 3;
export const CELL = 4;
const WORK = 5;

const at = [0, 0, 0, 0, 0, 0];
const size = [0, 0, 0, 0, 0, 0];
let widest = 0;

/**
 * @param {number} piece
 * @param {number} bytes
 * @param {string} what asks for it
 * @returns {number} its address
 */
export function scratch(piece, bytes, what) {
  if (size[piece] < bytes) {
    release(at[piece]);
    size[piece] = 0;
    at[piece] = 0;
    at[piece] = allocate(bytes, what);
    size[piece] = bytes;
  }
  return at[piece];
}

/**
 * The scratch argument of the C functions for rows of n.
 * @param {number} n
 * @param {string} what asks for it
 */
export function work(n, what) {
  if (n > widest || size[WORK] === 0) {
    scratch(WORK, core().lk_work_size(n) >>> 0, what);
    widest = n;
  }
  return at[WORK];
}

/**
 * One spare row for all samplers of one row size: a row from outside is copied into it and becomes the sampler's own
 * when the call succeeds, so a failed call leaves the sampler's row as it was.
 * @type {Map<number, { at: number, users: number }>}
 */
const spares = new Map();

/** @param {number} bytes @param {string} what */
export function joinSpare(bytes, what) {
  const spare = spares.get(bytes);
  if (spare) spare.users++;
  else spares.set(bytes, { at: allocate(bytes, what), users: 1 });
}

/** @param {number} bytes */
export function leaveSpare(bytes) {
  const spare = spares.get(bytes);
  if (!spare || --spare.users > 0) return;
  release(spare.at);
  spares.delete(bytes);
}

/** @param {number} bytes @returns {number} its address */
export function spareRow(bytes) {
  return spares.get(bytes)?.at ?? 0;
}

/** Makes `row` the spare one, in exchange for the one that was. @param {number} bytes @param {number} row */
export function swapSpare(bytes, row) {
  const spare = spares.get(bytes);
  if (spare) spare.at = row;
}
