/** Which cells a run measures, and how long it looks at each. */
import argmax from './argmax.js';
import chain from './chain.js';
import draw from './draw.js';
import logsoftmax from './logsoftmax.js';
import logsumexp from './logsumexp.js';
import minp from './minp.js';
import penalties from './penalties.js';
import { SETS } from './rows.js';
import softmax from './softmax.js';
import stages from './stages.js';
import { SMALL_VOCABULARY, VOCABULARY } from './targets.js';
import topk from './topk.js';
import topp from './topp.js';

/** In the order of the tables. */
export const OPERATIONS = [
  argmax,
  topk,
  minp,
  chain,
  penalties,
  draw,
  topp,
  logsumexp,
  softmax,
  logsoftmax,
].flat();

export const SIZES = [1000, 8192, SMALL_VOCABULARY, 50257, 128256, VOCABULARY, 262144, 1048576];

/** Operations whose cost may depend on the shape of the row: the quick run measures them on all three. */
const SHAPED = ['topk', 'chain', 'topp'];
const GRADED_SIZES = [SMALL_VOCABULARY, VOCABULARY];

/**
 * `peers` tells on which cells peers take part; ours and the floors are in all of them.
 */
export const PLANS = {
  quick: {
    rounds: 15,
    warmMs: 20,
    checkMs: 40,
    checkDraws: 400,
    sizes: GRADED_SIZES,
    has: ({ operation, set }) => set === 'peaked' || SHAPED.includes(operation),
    peers: () => false,
  },
  /** Every stage alone. */
  stages: {
    rounds: 15,
    warmMs: 20,
    checkMs: 40,
    checkDraws: 400,
    sizes: [VOCABULARY],
    operations: stages,
    has: ({ set }) => set === 'peaked',
    peers: () => false,
  },
  full: {
    rounds: 15,
    warmMs: 30,
    checkMs: 60,
    checkDraws: 1000,
    sizes: SIZES,
    has: ({ operation, set, n }) => set === 'peaked' || operation === 'topp' || GRADED_SIZES.includes(n),
    peers: ({ operation, set, n }) => GRADED_SIZES.includes(n) && (set === 'peaked' || operation === 'topp'),
  },
};

/** The plan's cells by size, then shape, then operation, so that rows are made once. */
export function cells(plan, only = {}) {
  const list = [];
  for (const n of plan.sizes) {
    for (const set of SETS) {
      for (const operation of plan.operations ?? OPERATIONS) {
        const cell = { n, set, operation: operation.operation };
        const wanted = Object.entries(only).every(([key, values]) => values.includes(String(cell[key])));
        if (wanted && plan.has(cell)) list.push({ ...cell, module: operation, withPeers: plan.peers(cell) });
      }
    }
  }
  return list;
}
