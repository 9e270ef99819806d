/** Two chains over the same vocabulary, stage by stage, and how far apart their laws are. */
import { klDivergence } from 'logitkit';
import { VOCABULARY } from '../vocabulary.js';
import { rowOf, spacedRanks, withSampler } from './rows.js';

/**
 * @typedef {{options: import('logitkit').SamplerOptions, order: import('../fields.js').Order}} Chain
 * @typedef {{shape: import('../vocabulary.js').ShapeName, a: Chain, b: Chain}} Input
 * @typedef {object} Account what a chain does; with `problem` the library refuses it, and there is nothing else
 * @property {string} problem
 * @property {import('logitkit').TraceStage[]} stages
 * @property {Float64Array} law by id
 */

/** @param {Float32Array} row @param {Chain} chain @returns {Account} */
function account(row, { options, order }) {
  const law = new Float64Array(VOCABULARY);
  try {
    return withSampler({ ...options, order }, (sampler) => {
      const { ids, probs } = sampler.distribution(row);
      for (let i = 0; i < ids.length; i++) law[ids[i]] = probs[i];
      return { problem: '', stages: sampler.trace(row), law };
    });
  } catch (error) {
    return { problem: /** @type {Error} */ (error).message.replace(/^Sampler: /, ''), stages: [], law };
  }
}

/** @param {Float64Array} a @param {Float64Array} b */
function distance(a, b) {
  let apart = 0;
  let onlyA = 0;
  let onlyB = 0;
  for (let i = 0; i < a.length; i++) {
    apart += Math.abs(a[i] - b[i]);
    if (a[i] > 0 && b[i] === 0) onlyA++;
    if (b[i] > 0 && a[i] === 0) onlyB++;
  }
  const [logA, logB] = [a.map(Math.log), b.map(Math.log)];
  return {
    variation: apart / 2,
    divergence: klDivergence(logA, logB),
    reverse: klDivergence(logB, logA),
    onlyA,
    onlyB,
  };
}

/** @param {Input} input */
export function order({ shape, a, b }) {
  const row = rowOf(shape);
  const byRank = withSampler({}, (sampler) => sampler.distribution(row).ids);
  const ranks = spacedRanks(VOCABULARY);
  const accounts = [a, b].map((chain) => account(row, chain));
  const [first, second] = accounts;
  return {
    ranks,
    chains: accounts.map(({ problem, stages, law }) => ({
      problem,
      stages,
      probs: ranks.map((rank) => law[byRank[rank - 1]]),
    })),
    distance: first.problem || second.problem ? undefined : distance(first.law, second.law),
  };
}

/** @typedef {ReturnType<typeof order>} Compared */
