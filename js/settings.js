/** From the options a caller gives to the complete, checked settings of a Sampler. Nothing here has an effect. */

import { Biases } from './biases.js';
import { checkBoolean, checkChoice, checkNames, checkNumber, MOST, show } from './check.js';
import { UnsupportedError } from './errors.js';
import {
  checkAllowed,
  checkForced,
  checkLengthPenalty,
  checkLists,
  checkSequenceBias,
  checkSequences,
  checkTokens,
} from './lists.js';
import { OPTIONS } from './options.js';
import { rulesOf } from './order.js';
import { ALSO_OFF, checkEngine, isActive } from './refusals.js';

/**
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {import('./options.js').Settings} Settings
 * @typedef {(typeof OPTIONS)[keyof typeof OPTIONS]} Option
 *
 * Checked settings with what follows from them.
 * @typedef {object} Plan
 * @property {Settings} settings every option
 * @property {import('./order.js').Rules} rules
 * @property {Biases} biases
 */

const NAMES = /* @__PURE__ */ Object.keys(OPTIONS);

/**
 * The plan after `given`, starting from `before` or from the neutral values.
 * @param {string} where
 * @param {unknown} given undefined changes nothing; so does an option that is undefined
 * @param {number} vocabSize
 * @param {Plan} [before]
 * @returns {Plan}
 * @throws {TypeError | RangeError}
 */
export function planOf(where, given, vocabSize, before) {
  if (given !== undefined) {
    if (typeof given === 'object' && given !== null && 'mask' in given) {
      throw new TypeError(`${where}: unknown option "mask"; set sampler.mask, or pass it to sample()`);
    }
    checkNames(where, given, NAMES);
  }
  const options = /** @type {Record<string, unknown>} */ (given ?? {});
  /** @type {Record<string, unknown>} */
  const settings = {};
  for (const option of Object.values(OPTIONS)) {
    const { name } = option;
    const value = options[name];
    if (value !== undefined) settings[name] = checked(`${where}: ${name}`, option, value, vocabSize);
    else settings[name] = before ? before.settings[name] : option.neutral;
  }
  settings.seed ??= freshSeed(where);
  const done = /** @type {Settings} */ (Object.freeze(settings));
  const rules = rulesOf(`${where}: order`, done.order);
  checkTogether(where, done, rules, vocabSize);
  return { settings: done, rules, biases: biasesOf(done, before) };
}

/**
 * @param {string} what
 * @param {Option} option
 * @param {unknown} value
 * @param {number} vocabSize
 */
function checked(what, option, value, vocabSize) {
  if (value === option.neutral && option.kind === 'number') return value;
  if (option.kind === 'scope' && value === null) return null;
  if ('values' in option) return checkChoice(what, value, option.values);
  if (option.kind === 'boolean') return checkBoolean(what, value);
  if (option.kind === 'tokens') return orNeutral(option, checkTokens(what, value, vocabSize));
  if (option.kind === 'allowed') return checkAllowed(what, value, vocabSize);
  if (option.kind === 'sequences') return orNeutral(option, checkSequences(what, value, vocabSize));
  if (option.kind === 'sequenceBias')
    return orNeutral(option, checkSequenceBias(what, value, vocabSize, option));
  if (option.kind === 'forced') return checkForced(what, value, vocabSize);
  if (option.kind === 'lengthPenalty') return checkLengthPenalty(what, value);
  if (option.kind === 'bias') return checkBias(what, value, vocabSize, option);
  if (option.kind === 'order') return Array.isArray(value) ? Object.freeze([...value]) : value;
  if (option.kind === 'seed' && typeof value === 'bigint') return checkSeed(what, value);
  return checkNumber(what, value, { min: option.min, max: option.max, integer: option.kind !== 'number' });
}

/** An empty list is the neutral one itself. @param {Option} option @param {{ readonly length: number }} list */
const orNeutral = (option, list) => (list.length > 0 ? list : option.neutral);

const SEEDS = 2n ** 64n;

/** @param {string} what @param {bigint} value */
function checkSeed(what, value) {
  if (value < 0n || value >= SEEDS) {
    throw new RangeError(`${what} must be an integer >= 0 and, as a bigint, below 2^64, got ${show(value)}`);
  }
  return value <= BigInt(MOST) ? Number(value) : value;
}

/** 53 random bits. @param {string} where */
function freshSeed(where) {
  if (typeof crypto !== 'object' || typeof crypto.getRandomValues !== 'function') {
    throw new UnsupportedError(`${where}: this host has no crypto.getRandomValues, pass a seed`);
  }
  const [low, high] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0x1fffff) * 2 ** 32 + low;
}

/**
 * @param {string} what
 * @param {unknown} value a Map, or an object with integer keys; null is none
 * @param {number} vocabSize
 * @param {{ readonly min: number, readonly max: number }} interval
 * @returns {ReadonlyMap<number, number> | null} a copy, by ascending id
 */
function checkBias(what, value, vocabSize, interval) {
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw new TypeError(`${what} must be a Map or an object from token to number, got ${show(value)}`);
  }
  const isMap = Object.prototype.toString.call(value) === '[object Map]';
  const entries = isMap ? [.../** @type {Map<unknown, unknown>} */ (value)] : Object.entries(value);
  /** @type {[number, number][]} */
  const pairs = [];
  for (const [key, bias] of entries) {
    const id = !isMap && /^(0|-?[1-9]\d*)$/.test(String(key)) ? Number(key) : key;
    if (typeof id !== 'number') throw new TypeError(`${what}: a key must be a token, got ${show(key)}`);
    checkNumber(`${what}: a key`, id, { min: 0, max: vocabSize - 1, integer: true });
    const name = `${what}[${id}]`;
    if (typeof bias !== 'number') throw new TypeError(`${name} must be a number, got ${show(bias)}`);
    if (!(bias === interval.min || (bias >= -interval.max && bias <= interval.max))) {
      throw new RangeError(
        `${name} must be -Infinity or in [-${interval.max}, ${interval.max}], got ${show(bias)}`,
      );
    }
    pairs.push([id, bias]);
  }
  pairs.sort((a, b) => a[0] - b[0]);
  return pairs.length === 0 ? null : new Map(pairs);
}

/** @param {Settings} settings @param {Plan} [before] */
function biasesOf({ logitBias, sequenceBias }, before) {
  const same = before?.settings.logitBias === logitBias && before?.settings.sequenceBias === sequenceBias;
  return before && same ? before.biases : new Biases(logitBias, sequenceBias);
}

/**
 * What cannot be checked option by option: an active one must have its stage in the order, and the engine must know it.
 * @param {string} where
 * @param {Settings} settings
 * @param {import('./order.js').Rules} rules
 * @param {number} vocabSize
 */
function checkTogether(where, settings, rules, vocabSize) {
  for (const { name, stage, neutral } of Object.values(OPTIONS)) {
    const value = settings[name];
    if (stage === null || value === neutral || value === ALSO_OFF[name]) continue;
    if (!rules.order.includes(stage))
      throw new RangeError(missingStage(where, `${name} = ${show(value)}`, stage, settings));
  }
  checkEngine(where, settings, rules, vocabSize);
  checkLast(where, settings, rules);
  checkLists(where, settings);
  if (settings.penaltyLastN > settings.maxHistory) {
    throw new RangeError(
      `${where}: penaltyLastN must be at most maxHistory = ${settings.maxHistory}, got ${settings.penaltyLastN}`,
    );
  }
}

/** Stages that learn from the token, and the options that switch them on. */
const LEARNING = /** @type {const} */ ({ mirostat: 'mirostat', adaptive: 'adaptiveTarget' });

/**
 * A stage that learns from the drawn token's probability must see the last word on it.
 * @param {string} where
 * @param {Settings} settings
 * @param {import('./order.js').Rules} rules
 */
function checkLast(where, settings, { order }) {
  for (const [stage, option] of Object.entries(LEARNING)) {
    if (!isActive(settings, option)) continue;
    const behind = order.slice(order.indexOf(/** @type {keyof typeof LEARNING} */ (stage)) + 1);
    const wrong = behind.find((name) => !Object.hasOwn(LEARNING, name));
    if (wrong === undefined) continue;
    const value = /** @type {Record<string, unknown>} */ (settings)[option];
    throw new RangeError(
      `${where}: ${option} = ${show(value)} needs the stage '${stage}' last in order, before 'draw', got '${wrong}' behind it`,
    );
  }
}

/**
 * @param {string} where
 * @param {string} active what needs the stage
 * @param {string} stage
 * @param {Settings} settings
 */
export function missingStage(where, active, stage, settings) {
  const order =
    typeof settings.order === 'string' ? show(settings.order) : `[${settings.order.map(show).join(', ')}]`;
  return `${where}: ${active} needs the stage '${stage}', which is not in order ${order}`;
}
