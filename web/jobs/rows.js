/** What the jobs share: the made-up rows, and laws over them in the order of their probabilities. */
import { Sampler } from 'logitkit';
import { createLogits, VOCABULARY } from '../vocabulary.js';

/** @type {Map<string, Float32Array>} */
const rows = new Map();

/** @param {import('../vocabulary.js').ShapeName} shape */
export function rowOf(shape) {
  const row = rows.get(shape) ?? createLogits(shape);
  rows.set(shape, row);
  return row;
}

/**
 * Runs something with a Sampler of these options over the vocabulary, which then goes.
 * @template T
 * @param {import('logitkit').SamplerOptions} options
 * @param {(sampler: Sampler) => T} use
 * @returns {T}
 */
export function withSampler(options, use) {
  const sampler = new Sampler(VOCABULARY, { seed: 0, ...options });
  try {
    return use(sampler);
  } finally {
    sampler.dispose();
  }
}

const PER_DECADE = 48;

/** Ranks from 1 to `last`, evenly spaced on a logarithmic axis, as far as whole numbers are. @param {number} last */
export function spacedRanks(last) {
  /** @type {number[]} */
  const ranks = [];
  for (let step = 0; ; step++) {
    const rank = Math.round(10 ** (step / PER_DECADE));
    if (rank >= last) break;
    if (rank !== ranks[ranks.length - 1]) ranks.push(rank);
  }
  return [...ranks, last];
}
