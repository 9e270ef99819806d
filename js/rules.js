/**
 * What the name of an engine stands for as an order, beside 'logitkit' and 'llama.cpp': its stages, where its stages do
 * something else, and what it refuses. Where each was read stands in js/engines/.
 */
import { LK } from '../dist/abi.js';
import { ABOVE_0, BELOW_1, HIGHEST } from './check.js';
import { table } from './table.js';

/**
 * @typedef {'all' | 'output'} Scope
 *
 * @typedef {object} Limit values that an engine refuses or changes behind the caller's back
 * @property {string} option
 * @property {number} min
 * @property {number} max
 * @property {number} [also] one more value that is allowed
 * @property {boolean} [vocabulary] it must be below the size of the vocabulary, too
 * @property {string} why
 *
 * @typedef {object} Conflict two options of which the engine would ignore one
 * @property {string} option active
 * @property {string} beside active too
 * @property {string} why
 */

/** A temperature that is finite and not negative. */
const temperature = (/** @type {string} */ why) => ({
  option: 'temperature',
  min: 0,
  max: HIGHEST,
  why,
});
const topP = (/** @type {string} */ why) => ({ option: 'topP', min: ABOVE_0, max: 1, why });
const bias = (/** @type {string} */ why) => ({ option: 'logitBias', min: -100, max: 100, why });
/** The intervals of OpenAI's API. */
const penalties = (/** @type {string} */ why) =>
  ['frequencyPenalty', 'presencePenalty'].map((option) => ({ option, min: -2, max: 2, why }));

/** What vLLM raises a temperature to that is not 0, with a warning. */
export const VLLM_LEAST = 0.01;
export const VLLM_RAISES = 'vLLM raises it to 0.01';

/** Stages that only ban, in an order that does not matter. */
const BANS = ['suppress', 'minTokens', 'badWords'];

/** What neither transformers nor its JavaScript port has a processor for. */
const PROCESSORS_LACK = [
  'minKeep',
  'frequencyPenalty',
  'presencePenalty',
  'penaltyLastN',
  'allowedTokens',
  'dynatempRange',
  'dynatempExponent',
  'transform',
];

/** Options that llama.cpp ignores beside mirostat, which stands in for every sampler but bias, grammar and temperature. */
export const BESIDE_MIROSTAT = /** @type {const} */ ([
  'repetitionPenalty',
  'frequencyPenalty',
  'presencePenalty',
  'dryMultiplier',
  'topNSigma',
  'topK',
  'typicalP',
  'topP',
  'minP',
  'minKeep',
  'xtcProbability',
  'dynatempRange',
  'adaptiveTarget',
]);

export const RULES = /* @__PURE__ */ table(() => ({
  vllm: {
    order: ['mask', ...BANS, 'bias', 'penalties', 'temperature', 'minP', 'topK', 'topP'],
    flags: LK.RULE_TIES,
    repetitionScopes: /** @type {Scope[]} */ (['all']),
    frequencyScopes: /** @type {Scope[]} */ (['output']),
    wordScope: /** @type {Scope} */ ('output'),
    lacks: [
      'minKeep',
      'suppressTokens',
      'penaltyLastN',
      'sequenceBias',
      'dynatempRange',
      'dynatempExponent',
      'transform',
    ],
    limits: [
      temperature('vLLM refuses it'),
      { option: 'temperature', min: VLLM_LEAST, max: Infinity, also: 0, why: VLLM_RAISES },
      topP('vLLM refuses it'),
      bias('vLLM clamps it'),
      ...penalties('vLLM refuses it'),
    ],
    conflicts: /** @type {Conflict[]} */ ([]),
  },
  transformers: {
    order: [
      'bias',
      'penalties',
      'noRepeatNgram',
      'badWords',
      'minTokens',
      'forced',
      'lengthPenalty',
      'suppress',
      'mask',
      'temperature',
      'topH',
      'topK',
      'topP',
      'minP',
      'typical',
      'epsilon',
      'eta',
    ],
    flags: LK.RULE_TIES,
    repetitionScopes: /** @type {Scope[]} */ (['all']),
    frequencyScopes: /** @type {Scope[]} */ (['all']),
    lacks: PROCESSORS_LACK,
    limits: [
      temperature('transformers refuses it'),
      { option: 'typicalP', min: ABOVE_0, max: 1, why: 'transformers refuses it' },
      { option: 'epsilonCutoff', min: 0, max: BELOW_1, why: 'transformers ignores it' },
      { option: 'etaCutoff', min: 0, max: BELOW_1, why: 'transformers ignores it' },
    ],
    conflicts: /** @type {Conflict[]} */ ([]),
  },
  'transformers.js': {
    order: [
      'penalties',
      'noRepeatNgram',
      'badWords',
      'minTokens',
      'forced',
      'suppress',
      'mask',
      'temperature',
      'topK',
    ],
    flags: 0,
    repetitionScopes: /** @type {Scope[]} */ (['all']),
    frequencyScopes: /** @type {Scope[]} */ (['all']),
    lacks: PROCESSORS_LACK,
    limits: [temperature('transformers.js calls its scores invalid')],
    conflicts: /** @type {Conflict[]} */ ([]),
  },
  mlx: {
    order: ['mask', 'bias', 'penalties', 'topP', 'minP', 'xtc', 'topK', 'temperature'],
    flags: LK.RULE_XTC_ABOVE,
    repetitionScopes: /** @type {Scope[]} */ (['all']),
    frequencyScopes: /** @type {Scope[]} */ (['all']),
    lacks: ['sequenceBias', 'dynatempRange', 'dynatempExponent', 'transform'],
    limits: [
      temperature('MLX would prefer what was masked'),
      topP('MLX switches it off'),
      { option: 'topK', min: 0, max: Infinity, vocabulary: true, why: 'MLX refuses it' },
      { option: 'xtcThreshold', min: 0, max: 0.5, why: 'MLX refuses it' },
    ],
    conflicts: [
      { option: 'minKeep', beside: 'topP', why: 'MLX knows it for min-p only' },
      { option: 'minKeep', beside: 'topK', why: 'MLX knows it for min-p only' },
      { option: 'minKeep', beside: 'xtcProbability', why: 'MLX knows it for min-p only' },
      { option: 'xtcProbability', beside: 'greedy', why: 'MLX takes the likeliest token at once' },
    ],
  },
  'web-llm': {
    order: ['mask', 'bias', 'penalties', 'temperature', 'topP'],
    flags: LK.RULE_SHARED_PEAK | LK.RULE_REPETITION_LAST,
    repetitionScopes: /** @type {Scope[]} */ (['output']),
    frequencyScopes: /** @type {Scope[]} */ (['output']),
    lacks: ['minKeep', 'penaltyLastN', 'sequenceBias', 'dynatempRange', 'dynatempExponent', 'transform'],
    limits: [
      temperature('WebLLM refuses it'),
      topP('WebLLM refuses it'),
      bias('WebLLM refuses it'),
      ...penalties('WebLLM refuses it'),
    ],
    conflicts: /** @type {Conflict[]} */ ([]),
  },
}));
