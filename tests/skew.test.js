import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('by hand: running sums of probability to the power e^skew', () => {
  const row = Float32Array.from([0.5, 0.3, 0.2], Math.log);
  const { ids, probs } = lawOf(row, { skew: Math.log(2) });
  // 0.25, then 0.64 and 1.
  assert.deepEqual(ids, [1, 2, 0]);
  [0.39, 0.36, 0.25].forEach((p, i) => {
    assert.ok(Math.abs(probs[i] - p) < 1e-6, `[${i}] ${probs[i]}`);
  });
  const back = lawOf(row, { skew: -Math.log(2) });
  assert.deepEqual(back.ids, [0, 1, 2]);
  assert.ok(Math.abs(back.probs[0] - Math.sqrt(0.5)) < 1e-6);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const skew of [0, 0.4, -0.4, 2]) {
      for (const around of AROUND) agrees(row, { ...around, skew }, undefined, tally);
    }
  }
  tally.print(t);
});
