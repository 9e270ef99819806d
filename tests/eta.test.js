import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('the smaller of eta and sqrt(eta) e^-H is the bound', () => {
  // H = 1.142 nats, so that at eta = 0.16 the second is 0.4 x 0.319 = 0.128.
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  assert.deepEqual(lawOf(row, { etaCutoff: 0.16 }).ids, [0, 1, 2]);
  assert.deepEqual(lawOf(row, { epsilonCutoff: 0.16 }).ids, [0, 1]);
  // Where nothing is uncertain it is eta itself.
  const sure = Float32Array.from([0.99, 0.009, 0.001], Math.log);
  for (const cutoff of [0.0005, 0.002, 0.01]) {
    assert.deepEqual(lawOf(sure, { etaCutoff: cutoff }).ids, lawOf(sure, { epsilonCutoff: cutoff }).ids);
  }
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const etaCutoff of [0, 1e-9, 3e-4, 0.01, 0.3, 1]) {
      for (const around of AROUND) agrees(row, { ...around, etaCutoff }, undefined, tally);
    }
  }
  tally.print(t);
});
