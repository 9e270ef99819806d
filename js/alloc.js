/** Arrays in the library's own memory, which its functions read and write without a copy. */
import { LK } from '../dist/abi.js';
import { allocate, f32, release, u8 } from './arena.js';
import { checkNumber, show } from './check.js';
import { core } from './instance.js';
import { ROW, rowBytes, scratch, work } from './scratch.js';

const LENGTH = { min: 1, max: 2 ** 29, integer: true };

/** Where a whole row with room for its padding stands, and its length. @type {Map<number, number>} */
const rooms = new Map();
/** Where the arrays of `alloc` stand: they can be freed after growth has detached them. @type {WeakMap<object, number>} */
const addresses = new WeakMap();

/** Declares n logits at an address to be a row that can be used where it is. @param {number} at @param {number} n */
export function addRoom(at, n) {
  rooms.set(at, n);
}

/** @param {number} at */
export function removeRoom(at) {
  rooms.delete(at);
}

/** Whether an array lies in the library's memory. @param {ArrayBufferView} x */
export function isInside(x) {
  return x.buffer === u8.buffer;
}

/**
 * Where x stands if it is exactly a row in the library's memory, as `alloc` and `sampler.logits` give them; else 0.
 * @param {Float32Array} x
 */
export function roomOf(x) {
  return x.buffer === u8.buffer && rooms.get(x.byteOffset) === x.length ? x.byteOffset : 0;
}

/**
 * A Float32Array of n zeros in logitkit's memory. Passed whole to a function or to `sample`, as `x` or as `out`, it is
 * used where it stands, without a copy.
 *
 * That memory grows when more is needed (another sampler, a longer row), and growing detaches every array over it:
 * their length becomes 0, and using one is a TypeError. Allocate what you need before you fill it. Not collected:
 * `free` it.
 *
 * @example
 * const row = alloc(32000);
 * row.set(logits);
 * softmax(row, { out: row });
 * free(row);
 *
 * @param {number} n length
 * @returns {Float32Array}
 * @throws {RangeError} n outside [1, 2^29], or memory that cannot grow
 */
export function alloc(n) {
  checkNumber('alloc: n', n, LENGTH);
  core();
  // What a function needs for such a row is made room for now, so that using the array does not detach it. Longer ones
  // can only be matrices, whose rows are not known yet.
  if (n <= LK.MAX_VOCAB) {
    work(n, 'alloc');
    scratch(ROW, rowBytes(n), 'alloc');
  }
  const at = allocate(rowBytes(n), 'alloc');
  const view = new Float32Array(f32.buffer, at, n).fill(0);
  addRoom(at, n);
  addresses.set(view, at);
  return view;
}

/**
 * Gives the memory of an array from `alloc` back; also when growth has detached it. The array must not be used again.
 * @param {Float32Array} view
 * @returns {void}
 * @throws {TypeError} anything but an array from `alloc` that was not freed yet
 */
export function free(view) {
  const at = addresses.get(view);
  if (at === undefined) {
    throw new TypeError(`free: view must be an array from alloc() that was not freed yet, got ${show(view)}`);
  }
  addresses.delete(view);
  removeRoom(at);
  release(at);
}
