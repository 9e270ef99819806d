/** The order of a chain, and moving a stage in it. */
import { OPTIONS, Sampler } from 'logitkit';

/** @typedef {import('logitkit').StageName} StageName */
/** @typedef {Pick<import('./state.js').State, 'options' | 'order'>} Chain */

/** logitkit's own order, which 'logitkit' stands for. @type {StageName[]} */
export const STAGES = [
  'mask',
  'suppress',
  'minTokens',
  'forced',
  'badWords',
  'noRepeatNgram',
  'bias',
  'lengthPenalty',
  'penalties',
  'dry',
  'temperature',
  'smoothing',
  'topK',
  'topP',
  'minP',
  'topNSigma',
  'epsilon',
  'eta',
  'topA',
  'tailFree',
  'topH',
  'firstToken',
  'pLess',
  'typical',
  'skew',
  'xtc',
  'mirostat',
  'adaptive',
];

/** The stages that act in a chain, in its order: the library's own account of two tokens. @param {Chain} chain */
export function actingStages({ options, order }) {
  const sampler = new Sampler(2, { ...options, order, seed: 0 });
  const stages = sampler.trace([0, 0]).map(({ name }) => name);
  sampler.dispose();
  return /** @type {StageName[]} */ (stages.filter((stage) => stage !== 'logits' && stage !== 'draw'));
}

/**
 * An order in which the acting stages come as they are given, and all others stay where logitkit has them.
 * @param {readonly StageName[]} acting @returns {import('./fields.js').Order}
 */
export function orderOf(acting) {
  const left = [...acting];
  const order = STAGES.map((stage) =>
    acting.includes(stage) ? /** @type {StageName} */ (left.shift()) : stage,
  );
  return order.join() === STAGES.join() ? 'logitkit' : order;
}

/** The options of a stage that are set, as text: topP 0.9. @param {Chain['options']} options @param {string} stage */
export const settingsOf = (options, stage) =>
  Object.values(OPTIONS)
    .filter((option) => option.stage === stage && option.name in options)
    .map(({ name }) => `${name} ${/** @type {any} */ (options)[name]}`)
    .join(', ');
