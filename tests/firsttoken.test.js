import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test("antirez's example: 0.25, 0.14 and 0.01 at one half", () => {
  const row = Float32Array.from([0.25, 0.14, 0.01, 0.6], (p, i) => (i === 3 ? -50 : Math.log(p)));
  assert.deepEqual(lawOf(row, { firstTokenCutoff: 0.5 }).ids, [0, 1]);
  assert.deepEqual(lawOf(row, { firstTokenCutoff: 0.43 }).ids, [0]);
  assert.deepEqual(lawOf(row, { firstTokenCutoff: 0.97 }).ids, [0, 1, 2]);
});

test('the pick is weighted, as his text has it', () => {
  const row = Float32Array.from([0.6, 0.3, 0.1], Math.log);
  const { probs } = lawOf(row, { firstTokenCutoff: 0.6 });
  assert.ok(Math.abs(probs[0] - 2 / 3) < 1e-6);
});

test('0 keeps the likeliest and its equals, 1 keeps all', () => {
  assert.deepEqual(lawOf([1, 5, 2, 5], { firstTokenCutoff: 0 }).ids, [1, 3]);
  assert.equal(lawOf([1, 500, 2, 5], { firstTokenCutoff: 1 }).ids.length, 4);
});

test('it is min-p of 1 - cutoff', () => {
  for (const row of Object.values(ROWS)) {
    for (const firstTokenCutoff of [0, 0.25, 0.5, 0.75]) {
      const one = lawOf(row, { firstTokenCutoff });
      assert.deepEqual(one, lawOf(row, { minP: 1 - firstTokenCutoff }));
    }
  }
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const firstTokenCutoff of [0, 0.5, 0.7, 0.95, 0.9999, 1]) {
      for (const around of AROUND) agrees(row, { ...around, firstTokenCutoff }, undefined, tally);
    }
  }
  tally.print(t);
});
