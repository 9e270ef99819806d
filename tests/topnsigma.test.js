import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { normal } from './helpers/rows.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('tokens within n deviations of the best', () => {
  // Mean 0, deviation 2 of the population.
  const row = [2, 2, -2, -2];
  const kept = (topNSigma) => lawOf(row, { topNSigma }).ids;
  assert.deepEqual(kept(0), [0, 1, 2, 3]);
  assert.deepEqual(kept(1.99), [0, 1]);
  assert.deepEqual(kept(2), [0, 1, 2, 3]);
});

test('masked tokens count in neither mean nor deviation', () => {
  const masked = Number.NEGATIVE_INFINITY;
  assert.deepEqual(lawOf([2, masked, 2, -2, masked, -2], { topNSigma: 1.99 }).ids, [0, 2]);
  assert.deepEqual(lawOf([2, masked, 2, -2, masked, -2], { topNSigma: 2 }).ids, [0, 2, 3, 5]);
});

test('it does not move with the temperature', () => {
  const row = normal(2000, 1);
  for (const topNSigma of [0.5, 1.3, 3]) {
    const { ids } = lawOf(row, { topNSigma });
    for (const temperature of [0.01, 0.5, 2, 1000]) {
      const order = temperature > 1 ? ['topNSigma', 'temperature'] : ['temperature', 'topNSigma'];
      assert.deepEqual(lawOf(row, { topNSigma, temperature }).ids, ids);
      assert.deepEqual(lawOf(row, { topNSigma, temperature, order }).ids, ids);
    }
  }
});

test('it looks at the survivors of the stages before', () => {
  const row = [2, 2, -2, -2, -50, -50];
  assert.deepEqual(lawOf(row, { topK: 4, topNSigma: 1.99 }).ids, [0, 1]);
  assert.deepEqual(lawOf(row, { topNSigma: 1.99 }).ids, [0, 1, 2, 3]);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const topNSigma of [0, 0.3, 1, 2.5, 1e6]) {
      for (const around of AROUND) agrees(row, { ...around, topNSigma }, undefined, tally);
    }
  }
  tally.print(t);
});
