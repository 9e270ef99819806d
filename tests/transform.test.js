import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('by hand', () => {
  // Sparsemax of 1, 0.8, 0.1: the threshold is 0.4.
  const sparse = lawOf([1, 0.8, 0.1], { transform: 'sparsemax' });
  assert.deepEqual(sparse.ids, [0, 1]);
  assert.ok(Math.abs(sparse.probs[0] - 0.6) < 1e-6);
  // Entmax 1.5 of two logits d apart: p = (t + d/2)^2 and t^2.
  const d = 0.5;
  const t = (-d / 2 + Math.sqrt(2 - (d * d) / 4)) / 2;
  const { probs } = lawOf([0.5, 0], { transform: 'entmax15' });
  assert.ok(Math.abs(probs[1] - t * t) < 1e-6, `${probs[1]}, expected ${t * t}`);
});

test('far ones get nothing', () => {
  assert.deepEqual(lawOf([0, 1.001, -3], { transform: 'sparsemax' }).ids, [1]);
  assert.deepEqual(lawOf([0, 2.001, -3], { transform: 'entmax15' }).ids, [1]);
  assert.deepEqual(lawOf([0, 1.9, -3], { transform: 'entmax15' }).ids, [1, 0]);
});

test('temperature 0 is the likeliest, whatever the transform', () => {
  for (const transform of ['sparsemax', 'entmax15'])
    assert.deepEqual(lawOf([1, 1.1, 1], { transform, temperature: 0 }), { ids: [1], probs: [1] });
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const transform of ['softmax', 'sparsemax', 'entmax15']) {
      for (const around of AROUND) agrees(row, { ...around, transform }, undefined, tally);
    }
  }
  tally.print(t);
});
