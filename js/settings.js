/** From the options a caller gives to the complete, checked settings of a Sampler. Nothing here has an effect. */
import { checkChoice, checkNames, checkNumber, MOST, show } from './check.js';
import { UnsupportedError } from './errors.js';
import { OPTIONS } from './options.js';
import { rulesOf } from './order.js';

/**
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {import('./options.js').Settings} Settings
 * @typedef {(typeof OPTIONS)[keyof typeof OPTIONS]} Option
 *
 * Checked settings with what follows from them.
 * @typedef {object} Plan
 * @property {Settings} settings every option
 * @property {import('./order.js').Rules} rules
 * @property {Uint32Array} biasIds ascending
 * @property {Float32Array} biasValues
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
  checkTogether(where, done, rules);
  return { settings: done, rules, ...biasOf(done.logitBias) };
}

/**
 * @param {string} what
 * @param {Option} option
 * @param {unknown} value
 * @param {number} vocabSize
 */
function checked(what, option, value, vocabSize) {
  if (option.kind === 'scope') return checkChoice(what, value, option.values);
  if (option.kind === 'bias') return checkBias(what, value, vocabSize, option);
  if (option.kind === 'order') return Array.isArray(value) ? Object.freeze([...value]) : value;
  if (option.kind === 'seed' && typeof value === 'bigint') return checkSeed(what, value);
  return checkNumber(what, value, { min: option.min, max: option.max, integer: option.kind !== 'number' });
}

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

/** @param {Settings['logitBias']} bias as `checkBias` made it */
function biasOf(bias) {
  const pairs = /** @type {ReadonlyMap<number, number>} */ (bias ?? new Map());
  return { biasIds: Uint32Array.from(pairs.keys()), biasValues: Float32Array.from(pairs.values()) };
}

/** Values that switch an option off beside its neutral one. @type {Readonly<Record<string, unknown>>} */
const ALSO_OFF = { penaltyLastN: 0 };

/**
 * What cannot be checked option by option: an active one must have its stage in the order, and the engine must know it.
 * @param {string} where
 * @param {Settings} settings
 * @param {import('./order.js').Rules} rules
 */
function checkTogether(where, settings, rules) {
  for (const { name, stage, neutral } of Object.values(OPTIONS)) {
    const value = settings[name];
    if (stage === null || value === neutral || value === ALSO_OFF[name]) continue;
    if (!rules.order.includes(stage))
      throw new RangeError(missingStage(where, `${name} = ${show(value)}`, stage, settings));
  }
  for (const name of /** @type {const} */ (['repetitionScope', 'frequencyScope'])) {
    if (!rules.scopes.includes(settings[name])) {
      throw new RangeError(
        `${where}: ${name} must be 'all' with order ${show(settings.order)}, got ${show(settings[name])}`,
      );
    }
  }
  if (settings.penaltyLastN > settings.maxHistory) {
    throw new RangeError(
      `${where}: penaltyLastN must be at most maxHistory = ${settings.maxHistory}, got ${settings.penaltyLastN}`,
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
