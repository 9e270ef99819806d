/** Tokens on their way in. */
import { show, tagOf } from './check.js';

/** @typedef {number | bigint | readonly number[] | readonly bigint[] | Int32Array | Uint32Array | BigInt64Array} Tokens */

const LISTS = ['Array', 'Int32Array', 'Uint32Array', 'BigInt64Array'];

/**
 * @param {string} where
 * @param {unknown} tokens
 * @param {number} vocabSize
 * @returns {Int32Array} a checked copy
 * @throws {TypeError | RangeError}
 */
export function tokensOf(where, tokens, vocabSize) {
  if (typeof tokens === 'number' || typeof tokens === 'bigint') {
    return Int32Array.of(tokenOf(where, tokens, vocabSize, -1));
  }
  const tag = tagOf(tokens);
  if (!LISTS.includes(tag)) {
    throw new TypeError(
      `${where}: tokens must be a number or a list of them (${LISTS.join(', ')}), got ${show(tokens)}`,
    );
  }
  const list = /** @type {ArrayLike<unknown>} */ (tokens);
  const checked = new Int32Array(list.length);
  for (let i = 0; i < list.length; i++) checked[i] = tokenOf(where, list[i], vocabSize, i);
  return checked;
}

/**
 * @param {string} where
 * @param {unknown} token
 * @param {number} vocabSize
 * @param {number} i its index in the list, -1 for a single one
 * @returns {number}
 */
function tokenOf(where, token, vocabSize, i) {
  const id = typeof token === 'bigint' ? Number(token) : token;
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < vocabSize) return id;
  const what = i < 0 ? `${where}: token` : `${where}: tokens[${i}]`;
  const message = `${what} must be an integer in [0, ${vocabSize - 1}], got ${show(token)}`;
  throw typeof id === 'number' ? new RangeError(message) : new TypeError(message);
}
