import { adaptive } from './adaptive.js';
import { badWords } from './badwords.js';
import { bias } from './bias.js';
import { dry } from './dry.js';
import { epsilon } from './epsilon.js';
import { eta } from './eta.js';
import { firstToken } from './firsttoken.js';
import { forced } from './forced.js';
import { lengthPenalty } from './lengthpenalty.js';
import { mask } from './mask.js';
import { minP } from './minp.js';
import { minTokens } from './mintokens.js';
import { mirostat } from './mirostat.js';
import { noRepeatNgram } from './norepeatngram.js';
import { penalties } from './penalties.js';
import { pLess } from './pless.js';
import { descending } from './rank.js';
import { skew } from './skew.js';
import { smoothing } from './smoothing.js';
import { statistics } from './statistics.js';
import { suppress } from './suppress.js';
import { tailFree } from './tailfree.js';
import { temperature } from './temperature.js';
import { topA } from './topa.js';
import { topH } from './toph.js';
import { topK } from './topk.js';
import { topNSigma } from './topnsigma.js';
import { topP } from './topp.js';
import { sparse } from './transform.js';
import { typical } from './typical.js';
import { xtc } from './xtc.js';

/**
 * @typedef {{ id: number, x: number }} Survivor
 * @typedef {object} State
 * @property {Survivor[]} survivors descending by weight, lower id first among equals
 * @property {number} temperature 1 until the stage of that name has acted
 * @property {boolean} greedy
 * @property {number} slots llama.cpp's candidates: a bias of -Infinity and top-n-sigma leave theirs in the list
 * @property {boolean} reshaped whether a stage gave weights of its own, so that float32 may rank near ones otherwise
 * @property {number} margin how near the nearest decision was: in nats, or as a share of the mass
 * @property {Survivor[]} [beforeTopP] what an active top-p was given
 * @property {Map<number, number>} [original] probabilities that adaptive was given
 * @property {number[]} [probs] the law, survivor by survivor
 *
 * @typedef {object} Context what a step depends on besides row and options
 * @property {number[]} [history]
 * @property {boolean[]} [outputs] which of them the model produced
 * @property {ArrayLike<number> | null} [mask]
 * @property {number} [position] output tokens so far, where it is not what `outputs` says
 * @property {number} [mu] mirostat's, 2 tau if absent
 * @property {{ sum: number, weight: number }} [adaptive] its sums, those of the start if absent
 * @property {boolean} [xtc] whether XTC fires; if absent, the law mixes both
 */

const STAGES = {
  mask,
  suppress,
  minTokens,
  forced,
  badWords,
  noRepeatNgram,
  bias,
  lengthPenalty,
  penalties,
  dry,
  temperature,
  smoothing,
  topK,
  topP,
  minP,
  topNSigma,
  epsilon,
  eta,
  topA,
  tailFree,
  topH,
  firstToken,
  pLess,
  typical,
  skew,
  xtc,
  mirostat,
  adaptive,
};

/** Stages that change logits: after them the survivors are sorted anew. */
const CHANGING = new Set(['bias', 'lengthPenalty', 'penalties', 'dry', 'smoothing', 'skew', 'adaptive']);

/** Stages that cut llama.cpp's list to the survivors, and when. */
const CUTTING = [
  ['topP', ({ topP = 1 }) => topP < 1],
  ['minP', ({ minP: p = 0 }) => p > 0],
  ['typical', ({ typicalP = 1 }) => typicalP < 1],
];

/** Options whose stages give weights of their own. */
const RESHAPING = { dynatempRange: 0, smoothingFactor: 0, skew: 0, adaptiveTarget: -1 };

export const ORDERS = {
  logitkit: Object.keys(STAGES),
  'llama.cpp': [
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
  const q = options.xtcProbability ?? 0;
  if (q > 0 && context.xtc === undefined) return mixture(row, options, context, q);
  const engine = typeof options.order === 'string' ? options.order : 'logitkit';
  const order = Array.isArray(options.order) ? options.order : ORDERS[engine];
  const state = {
    survivors: descending(row)
      .map((id) => ({ id, x: row[id] }))
      .filter(({ x }) => x !== Number.NEGATIVE_INFINITY),
    temperature: 1,
    greedy: false,
    slots: row.length,
    reshaped: Object.entries(RESHAPING).some(([name, neutral]) => (options[name] ?? neutral) !== neutral),
    margin: Number.POSITIVE_INFINITY,
  };
  for (const name of order) {
    if (name === 'draw') continue;
    STAGES[name](state, { options, context, engine, size: row.length });
    if (name === 'topK' && options.topK > 0) state.slots = Math.min(state.slots, options.topK);
    if (CUTTING.some(([stage, acts]) => stage === name && acts(options, context)))
      state.slots = state.survivors.length;
    if (state.survivors.length === 0) throw new Error(`nothing is left after ${name}`);
    if (state.greedy) break;
    if (CHANGING.has(name)) rank(state);
  }
  const { transform = 'softmax' } = options;
  const { logs, probs } = state.greedy ? { logs: [0], probs: [1] } : statistics(state);
  state.probs = transform === 'softmax' ? probs : sparse(logs, transform);
  if (transform !== 'softmax') {
    state.survivors = state.survivors.filter((_, i) => state.probs[i] > 0);
    state.probs = state.probs.filter((p) => p > 0);
    state.reshaped = true;
  }
  return state;
}

/** The chain with XTC firing and without, by their probabilities. */
function mixture(row, options, context, q) {
  const fires = chain(row, options, { ...context, xtc: true });
  if (q >= 1) return fires;
  const rests = chain(row, options, { ...context, xtc: false });
  const shares = new Map();
  for (const [state, share] of [
    [fires, q],
    [rests, 1 - q],
  ])
    state.survivors.forEach(({ id, x }, i) => {
      const p = (shares.get(id)?.p ?? 0) + share * state.probs[i];
      shares.set(id, { id, x, p });
    });
  const mixed = [...shares.values()].sort((a, b) => b.p - a.p || a.id - b.id);
  return {
    ...rests,
    survivors: mixed.map(({ id, x }) => ({ id, x })),
    probs: mixed.map(({ p }) => p),
    reshaped: true,
    margin: Math.min(fires.margin, rests.margin),
  };
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
