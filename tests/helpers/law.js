import assert from 'node:assert/strict';
import { Sampler } from '../../js/index.js';
import { chain } from '../oracle/chain.js';
import { close } from './close.js';

/** The accuracy of a probability over survivors, and the smallest that is not 0. */
const BOUND = { rel: 6e-7, abs: 1.2e-38 };

/** A decision nearer to its boundary than this is beyond float32 weights; no test may rest on one. */
const NEAR = 1e-6;

/**
 * What a fresh Sampler says the law is. The context's history is accepted token by token, as prompt or as output.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options
 * @param {import('../oracle/chain.js').Context} [context]
 * @returns {{ ids: number[], probs: number[] }}
 */
export function lawOf(row, options, { history = [], outputs = [], mask = null } = {}) {
  const sampler = new Sampler(row.length, options);
  try {
    history.forEach((token, i) => {
      sampler.accept(token, { prompt: !outputs[i] });
    });
    const { ids, probs } = sampler.distribution(row, mask ? { mask } : undefined);
    return { ids: Array.from(ids), probs: Array.from(probs) };
  } finally {
    sampler.dispose();
  }
}

/**
 * Asserts that a Sampler's law is the oracle's: the same tokens in the same order, the same probabilities.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options
 * @param {import('../oracle/chain.js').Context} [context]
 */
export function agrees(row, options, context) {
  const label = `n ${row.length}, ${JSON.stringify(options)}`;
  const expected = chain(row, options, context);
  assert.ok(
    expected.margin > NEAR,
    `${label}: rests on a boundary ${expected.margin} away; choose another row`,
  );
  const found = lawOf(row, options, context);
  assert.deepEqual(
    found.ids,
    expected.survivors.map(({ id }) => id),
    `${label}: survivors`,
  );
  close(found.probs, expected.probs, BOUND, label);
}
