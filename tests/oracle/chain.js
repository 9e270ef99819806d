import { bias } from './bias.js';
import { mask } from './mask.js';
import { minP } from './minp.js';
import { penalties } from './penalties.js';
import { descending } from './rank.js';
import { temperature } from './temperature.js';
import { topK } from './topk.js';
import { topP } from './topp.js';
import { weights } from './weights.js';

/**
 * @typedef {{ id: number, x: number }} Survivor
 * @typedef {object} State
 * @property {Survivor[]} survivors descending by weight, lower id first among equals
 * @property {number} temperature 1 until the stage of that name has acted
 * @property {boolean} greedy
 * @property {number} margin how near the nearest decision was: in nats, or as a share of the mass
 * @property {Survivor[]} [beforeTopP] what an active top-p was given
 * @property {number[]} [probs] the law, survivor by survivor
 *
 * @typedef {object} Context what a step depends on besides row and options
 * @property {number[]} [history]
 * @property {boolean[]} [outputs] which of them the model produced
 * @property {ArrayLike<number> | null} [mask]
 */

const STAGES = { mask, bias, penalties, temperature, topK, topP, minP };

/** Stages that change logits: after them the survivors are sorted anew. */
const CHANGING = new Set(['bias', 'penalties']);

export const ORDERS = {
  logitkit: ['mask', 'bias', 'penalties', 'temperature', 'topK', 'topP', 'minP'],
  'llama.cpp': ['mask', 'bias', 'penalties', 'topK', 'topP', 'minP', 'temperature'],
};

/** Descending by x / T, the lower id first among equals. */
function rank({ survivors, temperature: t }) {
  const sign = t < 0 ? -1 : 1;
  survivors.sort((a, b) => (a.x === b.x ? a.id - b.id : sign * (b.x > a.x ? 1 : -1)));
}

/**
 * The law of the next token: every stage by the survivors of the one before.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options as a Sampler takes them
 * @param {Context} [context]
 * @returns {State}
 */
export function chain(row, options, context = {}) {
  const engine = typeof options.order === 'string' ? options.order : 'logitkit';
  const order = Array.isArray(options.order) ? options.order : ORDERS[engine];
  const state = {
    survivors: descending(row)
      .map((id) => ({ id, x: row[id] }))
      .filter(({ x }) => x !== Number.NEGATIVE_INFINITY),
    temperature: 1,
    greedy: false,
    margin: Number.POSITIVE_INFINITY,
  };
  for (const name of order) {
    if (name === 'draw') continue;
    STAGES[name](state, { options, context, engine });
    if (state.survivors.length === 0) throw new Error(`nothing is left after ${name}`);
    if (state.greedy) break;
    if (CHANGING.has(name)) rank(state);
  }
  const w = state.greedy ? [1] : weights(state);
  const total = w.reduceRight((a, b) => a + b, 0);
  state.probs = w.map((v) => v / total);
  return state;
}

/**
 * The same as an array over the vocabulary.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options
 * @param {Context} [context]
 * @returns {Float64Array}
 */
export function law(row, options, context) {
  const { survivors, probs } = chain(row, options, context);
  const dense = new Float64Array(row.length);
  survivors.forEach(({ id }, i) => {
    dense[id] = probs[i];
  });
  return dense;
}
