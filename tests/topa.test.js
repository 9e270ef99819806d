import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('tokens of at least a times the square of the largest probability', () => {
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const kept = (topA) => lawOf(row, { topA }).ids;
  assert.deepEqual(kept(0), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.19), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.21), [0, 1, 2]);
  assert.deepEqual(kept(0.61), [0, 1]);
  assert.deepEqual(kept(1), [0, 1]);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const topA of [0, 1e-6, 0.1, 0.5, 1]) {
      for (const around of AROUND) agrees(row, { ...around, topA }, undefined, tally);
    }
  }
  tally.print(t);
});
