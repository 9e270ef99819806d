/** The order of the stages, and the rules that go with the name of an engine. */
import { LK } from '../dist/abi.js';
import { nearest, show } from './check.js';
import { BESIDE_MIROSTAT, RULES } from './rules.js';
import { table } from './table.js';

/**
 * @typedef {keyof typeof STAGES | 'draw'} StageName
 * @typedef {'logitkit' | 'llama.cpp' | keyof typeof RULES} Engine engines whose rules `order` knows
 * @typedef {import('./rules.js').Scope} Scope
 */

/** The number of each stage in the core, in logitkit's own order. The draw is not among them: it always comes last. */
export const STAGES = /* @__PURE__ */ table(() => ({
  mask: LK.STAGE_MASK,
  suppress: LK.STAGE_SUPPRESS,
  minTokens: LK.STAGE_MIN_TOKENS,
  forced: LK.STAGE_FORCED,
  badWords: LK.STAGE_BAD_WORDS,
  noRepeatNgram: LK.STAGE_NO_REPEAT_NGRAM,
  bias: LK.STAGE_BIAS,
  lengthPenalty: LK.STAGE_LENGTH_PENALTY,
  penalties: LK.STAGE_PENALTIES,
  dry: LK.STAGE_DRY,
  temperature: LK.STAGE_TEMPERATURE,
  smoothing: LK.STAGE_SMOOTHING,
  topK: LK.STAGE_TOP_K,
  topP: LK.STAGE_TOP_P,
  minP: LK.STAGE_MIN_P,
  topNSigma: LK.STAGE_TOP_N_SIGMA,
  epsilon: LK.STAGE_EPSILON,
  eta: LK.STAGE_ETA,
  topA: LK.STAGE_TOP_A,
  tailFree: LK.STAGE_TAIL_FREE,
  topH: LK.STAGE_TOP_H,
  firstToken: LK.STAGE_FIRST_TOKEN,
  pLess: LK.STAGE_P_LESS,
  typical: LK.STAGE_TYPICAL,
  skew: LK.STAGE_SKEW,
  xtc: LK.STAGE_XTC,
  mirostat: LK.STAGE_MIROSTAT,
  adaptive: LK.STAGE_ADAPTIVE,
}));

/** The name of a stage; undefined for a number that is none. @param {number} number */
export const stageName = (number) =>
  /** @type {(keyof typeof STAGES)[]} */ (Object.keys(STAGES)).find((name) => STAGES[name] === number);

/**
 * What an order's name stands for besides the order itself.
 * @typedef {object} Rules
 * @property {readonly (keyof typeof STAGES)[]} order
 * @property {boolean} llamaTemperature a temperature below 0 is greedy; the quotient x / T is float32
 * @property {number} flags rules of the core, LK.RULE_*
 * @property {readonly Scope[]} repetitionScopes that it knows; the first is meant where none is given
 * @property {readonly Scope[]} frequencyScopes likewise
 * @property {Scope} [wordScope] where bad words of several tokens are looked for: everywhere unless it says 'output'
 * @property {readonly string[]} lacks options of its stages that it does not have
 * @property {readonly import('./rules.js').Limit[]} limits
 * @property {readonly import('./rules.js').Conflict[]} conflicts
 */

/** What a name stands for that says nothing else. @type {Omit<Rules, 'order' | 'llamaTemperature'>} */
const FREE = /* @__PURE__ */ table(() => ({
  flags: 0,
  repetitionScopes: ['all', 'output'],
  frequencyScopes: ['all', 'output'],
  lacks: [],
  limits: [],
  conflicts: [{ option: 'adaptiveTarget', beside: 'mirostat', why: 'each would choose the token' }],
}));

/** @type {Readonly<Record<Engine, Rules>>} */
const ENGINES = /* @__PURE__ */ table(() => ({
  ...others(),
  logitkit: {
    order: /** @type {(keyof typeof STAGES)[]} */ (Object.keys(STAGES)),
    llamaTemperature: false,
    ...FREE,
  },
  'llama.cpp': {
    order: [
      'mask',
      'bias',
      'penalties',
      'dry',
      'topNSigma',
      'topK',
      'typical',
      'topP',
      'minP',
      'xtc',
      'temperature',
      'mirostat',
      'adaptive',
    ],
    llamaTemperature: true,
    ...FREE,
    flags: LK.RULE_BARE_TOP_K,
    conflicts: BESIDE_MIROSTAT.map((option) => ({
      option,
      beside: 'mirostat',
      why: 'llama.cpp ignores it beside mirostat',
    })),
    repetitionScopes: ['all'],
    frequencyScopes: ['all'],
    lacks: ['transform', 'sequenceBias'],
  },
}));

/** The engines of js/rules.js. @returns {Record<keyof typeof RULES, Rules>} */
function others() {
  return /** @type {any} */ (
    Object.fromEntries(
      Object.entries(RULES).map(([name, rules]) => [name, { ...rules, llamaTemperature: false }]),
    )
  );
}

/** Whether a name is an order. @param {string} name @returns {name is Engine} */
export const isEngine = (name) => Object.hasOwn(ENGINES, name);

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
