/** Options that are lists of tokens, or tables over them: from what a caller gives to frozen copies. */
import { checkNames, checkNumber, HIGHEST, MOST, show, tagOf } from './check.js';
import { tokensOf } from './tokens.js';

/**
 * @typedef {readonly number[]} Sequence tokens
 * @typedef {import('./tokens.js').Tokens} Tokens
 */

const LENGTH_PENALTY = ['start', 'factor'];
const COUNT = { min: 0, max: MOST, integer: true };
const FACTOR = { min: 0, max: HIGHEST };

/** @param {string} what @param {unknown} value @param {number} vocabSize @returns {Sequence} */
export function checkTokens(what, value, vocabSize) {
  return Object.freeze(Array.from(tokensOf(what, value, vocabSize)));
}

/** @param {string} what @param {unknown} value @param {number} vocabSize @returns {Sequence | null} */
export function checkAllowed(what, value, vocabSize) {
  if (value === null) return null;
  const tokens = checkTokens(what, value, vocabSize);
  if (tokens.length === 0) throw new RangeError(`${what} must hold at least one token or be null, got none`);
  return tokens;
}

/** @param {string} what @param {unknown} value @param {number} vocabSize @returns {readonly Sequence[]} */
export function checkSequences(what, value, vocabSize) {
  if (tagOf(value) !== 'Array') {
    throw new TypeError(`${what} must be an array of token sequences, got ${show(value)}`);
  }
  const list = /** @type {unknown[]} */ (value);
  return Object.freeze(Array.from(list, (tokens, i) => checkSequence(`${what}[${i}]`, tokens, vocabSize)));
}

/** @param {string} what @param {unknown} value @param {number} vocabSize */
function checkSequence(what, value, vocabSize) {
  if (typeof value === 'number' || typeof value === 'bigint') {
    throw new TypeError(
      `${what} must be a sequence of tokens, got ${show(value)}; a single token is [${value}]`,
    );
  }
  const tokens = checkTokens(what, value, vocabSize);
  if (tokens.length === 0) throw new RangeError(`${what} must hold at least one token, got none`);
  return tokens;
}

/**
 * @param {string} what
 * @param {unknown} value a Map, or an array of pairs
 * @param {number} vocabSize
 * @param {{ readonly min: number, readonly max: number }} interval
 * @returns {readonly (readonly [Sequence, number])[]}
 */
export function checkSequenceBias(what, value, vocabSize, { min, max }) {
  const isMap = Object.prototype.toString.call(value) === '[object Map]';
  if (!isMap && tagOf(value) !== 'Array') {
    throw new TypeError(
      `${what} must be a Map or an array of pairs of token sequence and number, got ${show(value)}`,
    );
  }
  const pairs = Array.from(/** @type {Iterable<unknown>} */ (value), (pair, i) => {
    const name = `${what}[${i}]`;
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TypeError(`${name} must be a pair of token sequence and number, got ${show(pair)}`);
    }
    const bias = pair[1];
    if (typeof bias !== 'number') throw new TypeError(`${name}[1] must be a number, got ${show(bias)}`);
    if (!(bias === min || (bias >= -max && bias <= max))) {
      throw new RangeError(`${name}[1] must be -Infinity or in [-${max}, ${max}], got ${show(bias)}`);
    }
    const tokens = checkSequence(`${name}[0]`, pair[0], vocabSize);
    return Object.freeze(/** @type {[Sequence, number]} */ ([tokens, bias]));
  });
  return Object.freeze(pairs);
}

/**
 * @param {string} what
 * @param {unknown} value a Map, or an object with integer keys; null is none
 * @param {number} vocabSize
 * @returns {ReadonlyMap<number, number> | null} a copy, by ascending position
 */
export function checkForced(what, value, vocabSize) {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TypeError(`${what} must be a Map or an object from position to token, got ${show(value)}`);
  }
  const isMap = Object.prototype.toString.call(value) === '[object Map]';
  const entries = isMap ? [.../** @type {Map<unknown, unknown>} */ (value)] : Object.entries(value);
  /** @type {[number, number][]} */
  const pairs = entries.map(([key, token]) => {
    const position = !isMap && /^(0|-?[1-9]\d*)$/.test(String(key)) ? Number(key) : key;
    if (typeof position !== 'number') {
      throw new TypeError(`${what}: a key must be a position, got ${show(key)}`);
    }
    checkNumber(`${what}: a key`, position, COUNT);
    checkNumber(`${what}[${position}]`, token, { min: 0, max: vocabSize - 1, integer: true });
    return [position, /** @type {number} */ (token)];
  });
  pairs.sort((a, b) => a[0] - b[0]);
  return pairs.length === 0 ? null : new Map(pairs);
}

/** @param {string} what @param {unknown} value @returns {Readonly<{ start: number, factor: number }> | null} */
export function checkLengthPenalty(what, value) {
  if (value === null) return null;
  checkNames(what, value, LENGTH_PENALTY);
  const { start, factor } = /** @type {Record<string, unknown>} */ (value);
  return Object.freeze({
    start: checkNumber(`${what}.start`, start, COUNT),
    factor: checkNumber(`${what}.factor`, factor, FACTOR),
  });
}

/**
 * What is wrong with lists that are right by themselves.
 * @param {string} where
 * @param {import('./options.js').Settings} settings
 * @throws {RangeError} naming both
 */
export function checkLists(where, settings) {
  const { minTokens, eosTokens, lengthPenalty, maxHistory, noRepeatNgramSize } = settings;
  if (eosTokens.length === 0 && (minTokens > 0 || lengthPenalty !== null)) {
    const name = minTokens > 0 ? `minTokens = ${minTokens}` : 'lengthPenalty';
    throw new RangeError(`${where}: ${name} needs eosTokens, the tokens that end a text; got none`);
  }
  /** @type {[string, number][]} */
  const needs = [
    ['dryLastN', settings.dryLastN],
    ['dryAllowedLength + 1', settings.dryMultiplier === 0 ? 0 : settings.dryAllowedLength + 1],
    ['noRepeatNgramSize', noRepeatNgramSize],
    ['the longest of badWords', longest(settings.badWords)],
    ['the longest of sequenceBias', longest(settings.sequenceBias.map(([tokens]) => tokens))],
  ];
  for (const [name, tokens] of needs) {
    if (tokens > maxHistory && tokens > 1) {
      throw new RangeError(`${where}: ${name} must be at most maxHistory = ${maxHistory}, got ${tokens}`);
    }
  }
  checkContradictions(where, settings);
}

/** @param {readonly { readonly length: number }[]} sequences */
const longest = (sequences) => sequences.reduce((most, { length }) => (length > most ? length : most), 0);

/** @param {string} where @param {import('./options.js').Settings} settings */
function checkContradictions(where, settings) {
  const { allowedTokens, suppressTokens, forcedTokens } = settings;
  const suppressed = new Set(suppressTokens);
  const allowed = allowedTokens && new Set(allowedTokens);
  if (allowedTokens?.every((token) => suppressed.has(token))) {
    throw new RangeError(`${where}: suppressTokens must leave one of allowedTokens, all are in both`);
  }
  for (const [position, token] of forcedTokens ?? []) {
    const by = banOf(settings, suppressed, allowed, position, token);
    if (by === '') continue;
    throw new RangeError(
      `${where}: forcedTokens[${position}] = ${token} must not be banned, got it from ${by}`,
    );
  }
}

/**
 * What bans a token that is forced, as far as the options alone say so.
 * @param {import('./options.js').Settings} settings
 * @param {Set<number>} suppressed
 * @param {Set<number> | null} allowed
 * @param {number} position
 * @param {number} token
 * @returns {string} '' for nothing
 */
function banOf(settings, suppressed, allowed, position, token) {
  const { badWords, eosTokens, forcedTokens, logitBias, minTokens, sequenceBias } = settings;
  // A sequence whose other tokens are forced just before.
  const completes = (/** @type {Sequence} */ tokens) =>
    tokens.every((t, i) => forcedTokens?.get(position - tokens.length + 1 + i) === t);
  if (suppressed.has(token)) return 'suppressTokens';
  if (allowed && !allowed.has(token)) return 'allowedTokens';
  if (position < minTokens && eosTokens.includes(token)) return `minTokens = ${minTokens}`;
  if (logitBias?.get(token) === -Infinity) return 'logitBias';
  if (badWords.some(completes)) return 'badWords';
  return sequenceBias.some(([tokens, bias]) => bias === -Infinity && completes(tokens)) ? 'sequenceBias' : '';
}
