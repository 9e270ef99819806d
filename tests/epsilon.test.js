import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('tokens of at least this probability', () => {
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const kept = (epsilonCutoff, rest) => lawOf(row, { epsilonCutoff, ...rest }).ids;
  assert.deepEqual(kept(0), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.049), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.051), [0, 1, 2]);
  assert.deepEqual(kept(0.31), [0]);
  // Of the first two alone the second has 3/8.
  assert.deepEqual(kept(0.37, { topK: 2 }), [0, 1]);
  assert.deepEqual(kept(0.38, { topK: 2 }), [0]);
});

test('the likeliest and its equals stay, however strict the bound', () => {
  assert.deepEqual(lawOf(new Float32Array(100), { epsilonCutoff: 0.5 }).ids.length, 100);
  assert.deepEqual(lawOf([1, 4, 2, 4], { epsilonCutoff: 1 }).ids, [1, 3]);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const epsilonCutoff of [0, 1e-9, 3e-4, 0.01, 0.3, 1]) {
      for (const around of AROUND) agrees(row, { ...around, epsilonCutoff }, undefined, tally);
    }
  }
  tally.print(t);
});
