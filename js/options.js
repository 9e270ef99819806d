/**
 * Every option of a Sampler, in one table: validation, canonical values, types and documentation come from it.
 *
 *   name, stage   its stage in `order`; null where it belongs to none
 *   kind          what a value is: see `Kinds`
 *   neutral       the value it has when it is not given: it changes nothing
 *   min, max      the interval, closed; LOWEST and HIGHEST stand for "finite"
 *   values        of a choice
 *   does          what it does
 *   source        the formula, or where it comes from
 */

import { HIGHEST, LOWEST, MOST } from './check.js';

/** The largest float32. */
const MAX_FLOAT = 3.4028234663852886e38;
/** The smallest r whose 1/r is finite in float32. */
const LEAST_PENALTY = 2.938735964636876e-39;
/** Tokens that a history can hold: an index into it stays a 31-bit integer, twice over. */
const MOST_HISTORY = 268435456;

const TABLE = /** @type {const} */ ({
  temperature: {
    name: 'temperature',
    stage: 'temperature',
    kind: 'number',
    neutral: 1,
    min: -Infinity,
    max: Infinity,
    does: 'Flattens the distribution above 1 and sharpens it below. 0 takes the likeliest, a negative one inverts.',
    source: 'p is proportional to e^(x / temperature)',
  },
  topK: {
    name: 'topK',
    stage: 'topK',
    kind: 'integer',
    neutral: 0,
    min: 0,
    max: MOST,
    does: 'Keeps the k likeliest tokens, the lower id first among equals. More than the vocabulary keeps all.',
    source: 'Fan, Lewis, Dauphin 2018',
  },
  topP: {
    name: 'topP',
    stage: 'topP',
    kind: 'number',
    neutral: 1,
    min: 0,
    max: 1,
    does: 'Keeps the likeliest tokens up to and including the one whose mass crosses p. 0 keeps one.',
    source: 'Holtzman et al. 2019',
  },
  minP: {
    name: 'minP',
    stage: 'minP',
    kind: 'number',
    neutral: 0,
    min: 0,
    max: 1,
    does: 'Keeps tokens at least minP times as likely as the likeliest.',
    source: 'Nguyen et al. 2024',
  },
  minKeep: {
    name: 'minKeep',
    stage: null,
    kind: 'integer',
    neutral: 1,
    min: 1,
    max: MOST,
    does: 'No truncation leaves fewer tokens than this, unless it got fewer.',
    source: 'llama.cpp',
  },
  logitBias: {
    name: 'logitBias',
    stage: 'bias',
    kind: 'bias',
    neutral: null,
    min: -Infinity,
    max: MAX_FLOAT,
    does: 'Adds to the logits of single tokens, by id. -Infinity bans.',
    source: 'x + b',
  },
  repetitionPenalty: {
    name: 'repetitionPenalty',
    stage: 'penalties',
    kind: 'number',
    neutral: 1,
    min: LEAST_PENALTY,
    max: HIGHEST,
    does: 'Pushes the logits of tokens seen before towards less likely, once for each token.',
    source: 'x > 0 ? x / r : x r; Keskar et al. 2019 (CTRL)',
  },
  frequencyPenalty: {
    name: 'frequencyPenalty',
    stage: 'penalties',
    kind: 'number',
    neutral: 0,
    min: LOWEST,
    max: HIGHEST,
    does: 'Lowers the logit of a token by this for each time it was seen.',
    source: 'x - count f; OpenAI API',
  },
  presencePenalty: {
    name: 'presencePenalty',
    stage: 'penalties',
    kind: 'number',
    neutral: 0,
    min: LOWEST,
    max: HIGHEST,
    does: 'Lowers the logit of a token by this if it was seen at all.',
    source: 'x - q; OpenAI API',
  },
  penaltyLastN: {
    name: 'penaltyLastN',
    stage: 'penalties',
    kind: 'integer',
    neutral: -1,
    min: -1,
    max: MOST,
    does: 'How many of the last tokens, prompt included, the penalties see: -1 all, 0 none. At most maxHistory.',
    source: 'llama.cpp',
  },
  repetitionScope: {
    name: 'repetitionScope',
    stage: 'penalties',
    kind: 'scope',
    neutral: 'all',
    values: ['all', 'output'],
    does: 'Whether repetitionPenalty counts the prompt as well or only what was produced.',
    source: 'Hugging Face counts all',
  },
  frequencyScope: {
    name: 'frequencyScope',
    stage: 'penalties',
    kind: 'scope',
    neutral: 'all',
    values: ['all', 'output'],
    does: 'Whether frequencyPenalty and presencePenalty count the prompt as well or only what was produced.',
    source: 'llama.cpp counts all, vLLM counts output',
  },
  maxHistory: {
    name: 'maxHistory',
    stage: null,
    kind: 'integer',
    neutral: 1048576,
    min: 0,
    max: MOST_HISTORY,
    does: 'How many of the last tokens are remembered, for rewind and windows. Counts never forget.',
    source: 'logitkit',
  },
  seed: {
    name: 'seed',
    stage: null,
    kind: 'seed',
    neutral: null,
    min: 0,
    max: MOST,
    does: 'Key of the random numbers: the same seed, position and row give the same token. Absent: from crypto.',
    source: 'Philox4x32-10; Salmon et al. 2011',
  },
  order: {
    name: 'order',
    stage: null,
    kind: 'order',
    neutral: 'logitkit',
    does: "The stages and their order: the name of an engine, or stage names. 'draw' comes last and may be omitted.",
    source: 'logitkit',
  },
});

/**
 * @template {object} T
 * @param {T} value
 * @returns {T}
 */
function freeze(value) {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}

export const OPTIONS = /* @__PURE__ */ freeze(TABLE);

/**
 * What a value of each kind is. `logitBias` has ids as keys and finite numbers or -Infinity as values.
 * @typedef {object} Kinds
 * @property {number} number
 * @property {number} integer
 * @property {ReadonlyMap<number, number> | Readonly<Record<number, number>> | null} bias
 * @property {'all' | 'output'} scope
 * @property {number | bigint} seed integer >= 0, a bigint below 2^64
 * @property {import('./order.js').Engine | readonly import('./order.js').StageName[]} order
 *
 * @typedef {{ [N in keyof typeof TABLE]?: Kinds[(typeof TABLE)[N]['kind']] }} SamplerOptions
 *
 * Every option with its value.
 * @typedef {{ readonly [N in keyof typeof TABLE]: Kinds[(typeof TABLE)[N]['kind']] }} Settings
 */
