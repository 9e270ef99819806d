/**
 * The fields of the state, one row each: the initial value, the texts it accepts, and what to say about others. They
 * stand in the address under their names: an option of the chain as the library calls it (`topK=40`), a field that
 * belongs to one chapter behind the name of the chapter (`draw.count=100`).
 */
import { ENGINES, OPTIONS } from 'logitkit';
import { FILTERS } from './filters.js';
import { SHAPE_NAMES } from './vocabulary.js';

export const MIN_SCORES = 2;
export const MAX_SCORES = 16;
export const MAX_DRAWS = 100000;
export const MAX_STEPS = 20000;
export const MAX_SEED = 2n ** 64n - 1n;

export const EXAMPLES = [
  { name: 'Example A', logits: [1, 5, 6, 3] },
  { name: 'Example B', logits: [-12, 120, -203, 2] },
];

/**
 * @template Value
 * @typedef {object} Field
 * @property {Value} initial
 * @property {(text: string) => Value | undefined} parse undefined for what is not accepted
 * @property {string} expects
 * @property {(value: Value) => string} [write] `String` unless given; `parse` reads what it writes
 */

/** @param {string} text @returns {number} NaN unless text is a decimal number (Number() also takes '' and '0x1') */
export function parseNumber(text) {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/**
 * A number of an interval; Infinity only where the interval ends with it.
 * @param {number} initial @param {number} min @param {number} max @returns {Field<number>}
 */
export function numberField(initial, min, max) {
  const least = Math.abs(min) > 1e30 ? '' : ` of at least ${min}`;
  const most = max > 1e30 ? '' : `${least ? ' and' : ' of'} at most ${max}`;
  return {
    initial,
    parse(text) {
      const endless = text.match(/^([+-]?)Infinity$/);
      const value = endless ? Number(text) : parseNumber(text);
      return value >= min && value <= max ? value : undefined;
    },
    expects: `a number${least}${most}${max === Infinity ? ', or Infinity' : ''}`,
  };
}

/** @param {number} initial @param {number} min @param {number} max @returns {Field<number>} */
export function wholeField(initial, min, max) {
  return {
    initial,
    parse(text) {
      const value = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
    expects: `a whole number from ${min} to ${max}`,
  };
}

/**
 * One of some words; the first is the initial one.
 * @template {string} Word
 * @param {readonly Word[]} words @returns {Field<Word>}
 */
export function wordField(words) {
  return {
    initial: words[0],
    parse: (text) => words.find((word) => word === text),
    expects: `one of ${words.join(', ')}`,
  };
}

/** Whether something is on. @param {boolean} initial @returns {Field<boolean>} */
export function flagField(initial) {
  return {
    initial,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    expects: 'true or false',
  };
}

/**
 * As many numbers as the interval of lengths allows.
 * @param {readonly number[]} initial @param {number} fewest @param {number} most
 * @param {number} [min] @param {number} [max] of each number
 * @returns {Field<readonly number[]>}
 */
export function listField(initial, fewest, most, min = -Number.MAX_VALUE, max = Number.MAX_VALUE) {
  const each = numberField(0, min, max);
  return {
    initial,
    parse(text) {
      const values = text.split(',').map(each.parse);
      const enough = values.length >= fewest && values.length <= most;
      return enough && !values.includes(undefined) ? /** @type {number[]} */ (values) : undefined;
    },
    expects: `${fewest === most ? fewest : `${fewest} to ${most}`} numbers with commas between them`,
  };
}

/** @type {Field<bigint>} */
export const SEED = {
  initial: 42n,
  parse(text) {
    const seed = /^\d{1,20}$/.test(text) ? BigInt(text) : -1n;
    return seed < 0n || seed > MAX_SEED ? undefined : seed;
  },
  expects: `a whole number from 0 to ${MAX_SEED}`,
};

export const LOGITS = listField(EXAMPLES[0].logits, MIN_SCORES, MAX_SCORES);

/**
 * The name of an engine with an order, or stages. Whether all of them exist is for the library to say.
 * @typedef {import('logitkit').Engine | readonly import('logitkit').StageName[]} Order
 * @type {Field<Order>}
 */
export const ORDER = {
  initial: 'logitkit',
  parse(text) {
    if (Object.entries(ENGINES).some(([name, { order }]) => order && name === text)) {
      return /** @type {Order} */ (text);
    }
    return /^[a-zA-Z]+(,[a-zA-Z]+)*$/.test(text) ? /** @type {Order} */ (text.split(',')) : undefined;
  },
  expects: 'the name of an engine, or stages with commas between them',
};

/** Engines whose name is an order, logitkit first. */
export const ORDERS = /** @type {import('logitkit').Engine[]} */ (
  Object.keys(ENGINES).filter((name) => ENGINES[/** @type {import('logitkit').EngineName} */ (name)].order)
);

/** @param {(typeof OPTIONS)[keyof typeof OPTIONS]} option @returns {Field<any> | undefined} */
function optionField({ kind, neutral, ...rest }) {
  const { min = 0, max = 0, values = [] } = /** @type {any} */ (rest);
  if (kind === 'boolean') return flagField(neutral);
  if (values.includes(neutral)) return { ...wordField(values), initial: neutral };
  if (kind !== 'number' && kind !== 'integer') return undefined;
  const field = kind === 'number' ? numberField(neutral, min, max) : wholeField(neutral, min, max);
  return { ...field, parse: (text) => (text === String(neutral) ? neutral : field.parse(text)) };
}

/**
 * The options of a chain that are one number, word or switch, by name.
 * @type {Readonly<Record<string, Field<any>>>}
 */
export const CHAIN = Object.fromEntries(
  Object.values(OPTIONS).flatMap((option) => {
    const field = option.name === 'maxHistory' ? undefined : optionField(option);
    return field ? [[option.name, field]] : [];
  }),
);

/** A chain as text: `temperature:2,topP:0.9@llama.cpp`; behind the @ its order, if it is not logitkit's. */
const KEPT = {
  initial: '',
  /** @param {string} text */
  parse: (text) => (readChain(text) ? text : undefined),
  expects: 'options such as topP:0.9 with commas between them',
};

/** @param {string} text @returns {Pick<import('./state.js').State, 'options' | 'order'> | undefined} */
export function readChain(text) {
  const [listed, named = ORDER.initial] = text.split('@');
  const order = ORDER.parse(String(named));
  const pairs = listed
    .split(',')
    .filter(Boolean)
    .map((each) => each.split(':'));
  const options = pairs.map(([name, value = '']) => [name, CHAIN[name]?.parse(value)]);
  if (order === undefined || options.some(([, value]) => value === undefined)) return undefined;
  return { options: Object.fromEntries(options), order };
}

/** @param {Pick<import('./state.js').State, 'options' | 'order'>} chain @returns {string} */
export function writeChain({ options, order }) {
  const listed = Object.entries(options).map(([name, value]) => `${name}:${value}`);
  return listed.join() + (order === ORDER.initial ? '' : `@${order}`);
}

/** The filters of the figure of all filters, with values of their own. @type {Record<string, Field<number>>} */
const CUTS = Object.fromEntries(
  Object.entries(FILTERS)
    .filter(([name]) => name !== 'pLess')
    .map(([name, { initial }]) => [name, { ...CHAIN[name], initial }]),
);

/** What belongs to one chapter, by the id of the chapter. */
export const PRIVATE = {
  scores: { worked: wholeField(0, 0, MAX_SCORES - 1) },
  exponential: { by: numberField(0, -1e6, 1e6) },
  base: { base: numberField(2, Number.MIN_VALUE, 1e6) },
  boltzmann: { kelvin: numberField(2700, 0, 20000) },
  invariances: {
    by: numberField(-10, -1e6, 1e6),
    times: numberField(2, -1e6, 1e6),
    third: numberField(1, -1e6, 1e6),
    penalty: numberField(1.3, 0.01, 100),
  },
  maxent: { push: listField([1.5, -1.5], 1, MAX_SCORES, -10, 10) },
  loss: { target: wholeField(0, 0, MAX_SCORES - 1), rate: numberField(1, 0.001, 1000) },
  sparse: { alpha: numberField(1.5, 1, 10) },
  attention: { d: wholeField(64, 1, 1024) },
  truncation: {
    shape: wordField(SHAPE_NAMES),
    look: wordField(/** @type {(keyof typeof FILTERS)[]} */ (['topP', ...Object.keys(FILTERS)])),
  },
  cut: CUTS,
  versus: { other: wordField([...ORDERS.slice(1), ORDERS[0], 'kept']), kept: KEPT },
  speculative: {
    step: numberField(2, 0, 100),
    guesses: wholeField(4, 1, 8),
    steps: wholeField(0, 0, MAX_STEPS),
  },
  draw: { count: wholeField(0, 0, MAX_DRAWS) },
};
