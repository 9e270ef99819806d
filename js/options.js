/**
 * Every option of a Sampler, in one table: validation, canonical values, types and documentation come from it. Its parts
 * stand in js/options/.
 *
 *   name, stage   its stage in `order`; null where it belongs to none
 *   kind          what a value is: see `Kinds`
 *   neutral       the value it has when it is not given: it changes nothing
 *   min, max      the interval, closed; LOWEST and HIGHEST stand for "finite"
 *   values        of a choice
 *   does          what it does
 *   source        the formula, or where it comes from
 */

import { MOST } from './check.js';
import { DISTRIBUTION } from './options/distribution.js';
import { DIVERSITY } from './options/diversity.js';
import { HISTORY } from './options/history.js';
import { MASKS } from './options/masks.js';
import { TRUNCATION } from './options/truncation.js';
import { table } from './table.js';

/** Options of the draw, and the order of it all. */
const DRAW = /** @type {const} */ ({
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
  logprobs: {
    name: 'logprobs',
    stage: null,
    kind: 'integer',
    neutral: 0,
    min: 0,
    max: MOST,
    does: "So many of the model's likeliest tokens are kept with each token, as `last.top`, and `last.logprob` and `last.rank` are known at once. Changes no token.",
    source: 'ln softmax of the logits as they come, at temperature 1; OpenAI API',
  },
  method: {
    name: 'method',
    stage: null,
    kind: 'method',
    neutral: 'exact',
    values: ['exact', 'gumbel'],
    does: "How the draw chooses. 'gumbel': other settings meet the same noise, so tokens change as little as they can.",
    source: "'gumbel': greatest x/T - ln(-ln u), a u for each token; Gumbel 1954, vLLM",
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

export const OPTIONS = /* @__PURE__ */ table(() => ({
  ...DISTRIBUTION,
  ...TRUNCATION,
  ...DIVERSITY,
  ...MASKS,
  ...HISTORY,
  ...DRAW,
}));

/**
 * What a value of each kind is. `logitBias` has ids as keys and finite numbers or -Infinity as values.
 * @typedef {object} Kinds
 * @property {number} number
 * @property {number} integer
 * @property {ReadonlyMap<number, number> | Readonly<Record<number, number>> | null} bias
 * @property {import('./tokens.js').Tokens} tokens
 * @property {import('./tokens.js').Tokens | null} allowed not empty
 * @property {readonly import('./tokens.js').Tokens[]} sequences none of them empty
 * @property {Iterable<readonly [import('./tokens.js').Tokens, number]>} sequenceBias pairs, as an array or a Map
 * @property {ReadonlyMap<number, number> | Readonly<Record<number, number>> | null} forced from position to token
 * @property {{ readonly start: number, readonly factor: number } | null} lengthPenalty
 * @property {'all' | 'output' | null} scope
 * @property {boolean} boolean
 * @property {'softmax' | 'sparsemax' | 'entmax15'} transform
 * @property {'exact' | 'gumbel'} method
 * @property {number | bigint} seed integer >= 0, a bigint below 2^64
 * @property {import('./order.js').Engine | readonly import('./order.js').StageName[]} order
 *
 * @typedef {{ [N in keyof typeof OPTIONS]?: Kinds[(typeof OPTIONS)[N]['kind']] }} SamplerOptions
 *
 * The one form that lists and tables have among settings.
 * @typedef {object} Forms
 * @property {ReadonlyMap<number, number> | null} bias
 * @property {readonly number[]} tokens
 * @property {readonly number[] | null} allowed
 * @property {readonly (readonly number[])[]} sequences
 * @property {readonly (readonly [readonly number[], number])[]} sequenceBias
 * @property {ReadonlyMap<number, number> | null} forced
 */

/**
 * Every option with its value.
 * @typedef {{ readonly [N in keyof typeof OPTIONS]: (Omit<Kinds, keyof Forms> & Forms)[(typeof OPTIONS)[N]['kind']] }} Settings
 */
