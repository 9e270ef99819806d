/** What an engine does not have, would refuse, or would ignore beside the rest: nothing of that passes in silence. */
import { show } from './check.js';
import { OPTIONS } from './options.js';

/** @typedef {import('./options.js').Settings} Settings */

/** Values that switch an option off beside its neutral one. @type {Readonly<Record<string, unknown>>} */
export const ALSO_OFF = { penaltyLastN: 0, repetitionScope: 'all', frequencyScope: 'all' };

/**
 * Whether an option does anything.
 * @param {Settings} settings
 * @param {string} name
 */
export function isActive(settings, name) {
  const value = /** @type {Record<string, unknown>} */ (settings)[name];
  const option = /** @type {Record<string, { neutral: unknown }>} */ (OPTIONS)[name];
  if (Array.isArray(value) && value.length === 0) return false;
  return option !== undefined && value !== option.neutral && value !== ALSO_OFF[name];
}

/**
 * Whether a temperature takes the likeliest token.
 * @param {number} temperature
 */
export function isGreedy(temperature) {
  return !Number.isFinite(Math.fround(1 / temperature));
}

/**
 * @param {string} where
 * @param {Settings} settings
 * @param {import('./order.js').Rules} rules
 * @param {number} vocabSize
 * @throws {RangeError} naming the option and the engine
 */
export function checkEngine(where, settings, rules, vocabSize) {
  const refuse = (/** @type {string} */ what, /** @type {string} */ why) => {
    throw new RangeError(`${where}: ${what} with order ${show(settings.order)}: ${why}`);
  };
  const values = /** @type {Record<string, any>} */ (settings);
  for (const name of rules.lacks) {
    if (isActive(settings, name))
      refuse(`${name} = ${show(values[name])} does not go`, 'the engine has no such option');
  }
  for (const name of /** @type {const} */ (['repetitionScope', 'frequencyScope'])) {
    const scope = settings[name];
    const allowed = rules[`${name}s`];
    if (scope !== null && !allowed.includes(scope)) {
      throw new RangeError(
        `${where}: ${name} must be '${allowed.join("' or '")}' with order ${show(settings.order)}, got ${show(scope)}`,
      );
    }
  }
  for (const { option, min, max, also, vocabulary, why } of rules.limits) {
    for (const value of numbersOf(values[option])) {
      if (vocabulary && value >= vocabSize) {
        throw new RangeError(
          `${where}: ${option} must be below vocabSize = ${vocabSize} with order ${show(settings.order)}, got ${value}: ${why}`,
        );
      }
      if (value === also || (value >= min && value <= max)) continue;
      const interval = `${also === undefined ? '' : `${also} or `}in [${min}, ${max}]`;
      throw new RangeError(
        `${where}: ${option} must be ${interval} with order ${show(settings.order)}, got ${show(value)}: ${why}`,
      );
    }
  }
  const [conflict] = conflictsOf(settings, rules);
  if (!conflict) return;
  const { option, beside, why } = conflict;
  const other = beside === 'greedy' ? 'temperature' : beside;
  refuse(`${option} = ${show(values[option])} does not go with ${other} = ${show(values[other])}`, why);
}

/**
 * Which options an engine would ignore beside others that are active.
 * @param {Settings} settings
 * @param {import('./order.js').Rules} rules
 */
export function conflictsOf(settings, { conflicts }) {
  return conflicts.filter(
    ({ option, beside }) =>
      isActive(settings, option) &&
      (beside === 'greedy' ? isGreedy(settings.temperature) : isActive(settings, beside)),
  );
}

/** The numbers in the value of an option: one, or the biases of a map. @param {any} value @returns {Iterable<number>} */
function numbersOf(value) {
  if (typeof value === 'number') return [value];
  return value === null || value === undefined ? [] : value.values();
}
