import assert from 'node:assert/strict';
import { Sampler } from '../../js/index.js';
import { chain } from '../oracle/chain.js';
import { adaptiveState, mirostatState } from '../oracle/learn.js';
import { peaked } from './rows.js';

/** How far a probability may be from the oracle's, whose state was led along in float64: relatively, or in all. */
const REL = 2e-5;
const ABS = 1e-7;

/** A decision nearer to its boundary than this may go the other way. */
const NEAR = 1e-6;

/**
 * Draws `steps` tokens and asserts before each that the law is the oracle's, whose state learns from the same tokens.
 *
 * @param {(step: number) => Float32Array} rowOf
 * @param {Record<string, any>} options
 * @param {number} steps
 * @returns {{ tokens: number[], near: number }}
 */
export function follows(rowOf, options, steps) {
  const n = rowOf(0).length;
  const sampler = new Sampler(n, options);
  const tokens = [];
  const learned = {};
  let near = 0;
  for (let step = 0; step < steps; step++) {
    const row = rowOf(step);
    const label = `${JSON.stringify(options)} at ${step}`;
    const expected = chain(row, options, { history: tokens, position: step, ...learned });
    const { ids, probs } = sampler.distribution(row);
    const dense = new Map(Array.from(ids, (id, i) => [id, probs[i]]));
    const same =
      dense.size === expected.survivors.length && expected.survivors.every(({ id }) => dense.has(id));
    if (!same) {
      assert.ok(
        expected.margin < NEAR,
        `${label}: ${dense.size} survive, expected ${expected.survivors.length}, ${expected.margin} away`,
      );
      near++;
    } else {
      expected.survivors.forEach(({ id }, i) => {
        const error = Math.abs(dense.get(id) - expected.probs[i]);
        assert.ok(error <= REL * expected.probs[i] + ABS * REL, `${label}: token ${id} is off by ${error}`);
      });
    }
    const token = sampler.sample(row);
    assert.ok(dense.has(token), `${label}: ${token} was drawn from outside the law`);
    tokens.push(token);
    if (!same) break;
    const at = expected.survivors.findIndex(({ id }) => id === token);
    learned.mu = mirostatState(learned.mu, expected, at, options);
    learned.adaptive = adaptiveState(learned.adaptive, expected, token, options);
  }
  sampler.dispose();
  return { tokens, near };
}

/**
 * Asserts that a stage which learns repeats itself: `record: false` leaves it where it is, rewinding and sampling again
 * gives the same tokens and the same law behind them, and so does starting anew.
 *
 * @param {Record<string, any>} options
 */
export function repeats(options) {
  const rows = Array.from({ length: 40 }, (_, i) => peaked(500, i));
  const sampler = new Sampler(500, options);
  const sample = (row) => sampler.sample(row);
  const tokens = rows.map((row) => {
    const dry = sampler.sample(row, { record: false });
    assert.equal(sample(row), dry);
    return dry;
  });
  const after = sampler.distribution(rows[0]);
  for (const back of [1, 7, 40]) {
    sampler.rewind(back);
    assert.deepEqual(rows.slice(40 - back).map(sample), tokens.slice(40 - back));
    assert.deepEqual(sampler.distribution(rows[0]), after);
  }
  sampler.reset();
  assert.deepEqual(rows.map(sample), tokens);
  sampler.accept([3, 4]);
  assert.deepEqual(
    sampler.distribution(rows[0]),
    after,
    'tokens from elsewhere have no probability: they move nothing',
  );
  sampler.dispose();
}
