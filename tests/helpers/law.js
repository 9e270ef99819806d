import assert from 'node:assert/strict';
import { Sampler } from '../../js/index.js';
import { chain } from '../oracle/chain.js';
import { close, closeTo } from './close.js';

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

/** Counts comparisons, and among them the sets that differ where a boundary is nearer than float32 can tell. */
export class Tally {
  cases = 0;
  near = 0;

  /** @param {{ diagnostic: (text: string) => void }} t */
  print(t) {
    t.diagnostic(`${this.cases} laws, ${this.near} of them the neighbour at a boundary nearer than ${NEAR}`);
  }
}

/**
 * Asserts that a Sampler's law is the oracle's: the same tokens in the same order, the same probabilities. Where a
 * stage gives weights of its own, near ones may stand the other way round. With a tally a set may differ where a
 * boundary is nearer than NEAR, which is counted; without one no test may rest on such a row.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options
 * @param {import('../oracle/chain.js').Context} [context]
 * @param {Tally} [tally]
 */
export function agrees(row, options, context, tally) {
  const label = `n ${row.length}, ${JSON.stringify(options)}`;
  const expected = chain(row, options, context);
  assert.ok(
    tally || expected.margin > NEAR,
    `${label}: rests on a boundary ${expected.margin} away; choose another row`,
  );
  const found = lawOf(row, options, context);
  if (tally) tally.cases++;
  const ids = expected.survivors.map(({ id }) => id);
  if (tally && expected.margin <= NEAR && String(sorted(found.ids)) !== String(sorted(ids))) {
    tally.near++;
    return;
  }
  if (!expected.reshaped) {
    assert.deepEqual(found.ids, ids, `${label}: survivors`);
    close(found.probs, expected.probs, BOUND, label);
    return;
  }
  assert.deepEqual(sorted(found.ids), sorted(ids), `${label}: survivors`);
  const probs = new Map(found.ids.map((id, i) => [id, found.probs[i]]));
  assert.ok(
    found.probs.every((p, i) => i === 0 || p <= found.probs[i - 1]),
    `${label}: descending`,
  );
  const size = Math.abs(expected.temperature);
  const best = Math.abs(expected.survivors[0].x) / size;
  expected.survivors.forEach(({ id, x }, i) => {
    const p = expected.probs[i];
    // A logit is rounded to float32 with its own size, and its logarithm is what the probability sees of it.
    const rel = BOUND.rel + (best + Math.abs(x) / size - Math.log(p)) * 2 ** -22;
    closeTo(probs.get(id), p, { rel, abs: BOUND.abs }, `${label}: token ${id}`);
  });
}

function sorted(ids) {
  return [...ids].sort((a, b) => a - b);
}
