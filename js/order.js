/** The order of the stages, and the rules that go with the name of an engine. */
import { LK } from '../dist/abi.js';
import { nearest, show } from './check.js';

/** @typedef {keyof typeof STAGES | 'draw'} StageName @typedef {keyof typeof ENGINES} Engine */

/** The number of each stage in the core. The draw is not among them: it always comes last. */
export const STAGES = /* @__PURE__ */ (() => ({
  mask: LK.STAGE_MASK,
  bias: LK.STAGE_BIAS,
  penalties: LK.STAGE_PENALTIES,
  temperature: LK.STAGE_TEMPERATURE,
  topK: LK.STAGE_TOP_K,
  topP: LK.STAGE_TOP_P,
  minP: LK.STAGE_MIN_P,
}))();

/**
 * What an order's name stands for besides the order itself.
 * @typedef {object} Rules
 * @property {readonly (keyof typeof STAGES)[]} order
 * @property {boolean} llamaTemperature a temperature below 0 is greedy; the quotient x / T is float32
 * @property {readonly ('all' | 'output')[]} scopes that its penalties know
 */
const ENGINES = {
  /** @type {Rules} */
  logitkit: {
    order: ['mask', 'bias', 'penalties', 'temperature', 'topK', 'topP', 'minP'],
    llamaTemperature: false,
    scopes: ['all', 'output'],
  },
  /** @type {Rules} */
  'llama.cpp': {
    order: ['mask', 'bias', 'penalties', 'topK', 'topP', 'minP', 'temperature'],
    llamaTemperature: true,
    scopes: ['all'],
  },
};

const DRAW = 'draw';

/**
 * @param {string} what names the option
 * @param {unknown} order
 * @returns {Rules} those of 'logitkit' for an array
 * @throws {TypeError} neither a string nor an array of strings
 * @throws {RangeError} an unknown name, a stage twice, 'draw' before the end
 */
export function rulesOf(what, order) {
  if (typeof order === 'string') {
    if (Object.hasOwn(ENGINES, order)) return ENGINES[/** @type {Engine} */ (order)];
    throw new RangeError(
      unknownName(`${what} must be an array of stages or one of`, order, Object.keys(ENGINES)),
    );
  }
  if (!Array.isArray(order)) {
    throw new TypeError(`${what} must be the name of an engine or an array of stages, got ${show(order)}`);
  }
  /** @type {(keyof typeof STAGES)[]} */
  const stages = [];
  for (let i = 0; i < order.length; i++) {
    const name = order[i];
    if (typeof name !== 'string')
      throw new TypeError(`${what}[${i}] must be the name of a stage, got ${show(name)}`);
    if (name === DRAW && i === order.length - 1) break;
    if (name === DRAW)
      throw new RangeError(`${what}: 'draw' must come last, got it at ${i} of ${order.length}`);
    if (!Object.hasOwn(STAGES, name)) {
      throw new RangeError(unknownName(`${what}[${i}] must be one of`, name, [...Object.keys(STAGES), DRAW]));
    }
    const stage = /** @type {keyof typeof STAGES} */ (name);
    if (stages.includes(stage))
      throw new RangeError(`${what} must list each stage once, got '${stage}' twice`);
    stages.push(stage);
  }
  return { ...ENGINES.logitkit, order: stages };
}

/** @param {string} start @param {string} name @param {string[]} known */
function unknownName(start, name, known) {
  const near = nearest(name, known);
  return `${start} ${known.map(show).join(', ')}, got ${show(name)}${near ? `; did you mean '${near}'?` : ''}`;
}
