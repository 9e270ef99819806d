import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('by hand', () => {
  // Second differences of 0.5, 0.3, 0.15, 0.05: 0.05 and 0.05, so that the shares are 1/2 and 1.
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const kept = (tailFree) => lawOf(row, { tailFree }).ids;
  assert.deepEqual(kept(0), [0]);
  assert.deepEqual(kept(0.49), [0]);
  assert.deepEqual(kept(0.51), [0, 1]);
  assert.deepEqual(kept(1), [0, 1, 2, 3]);
});

test('fewer than three survivors and equal ones are left alone', () => {
  assert.equal(lawOf([1, 5], { tailFree: 0 }).ids.length, 2);
  assert.equal(lawOf([1, 5, 3], { tailFree: 0, topK: 2 }).ids.length, 2);
  assert.equal(lawOf(new Float32Array(50), { tailFree: 0.5 }).ids.length, 50);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const tailFree of [0, 0.3, 0.9, 0.97, 1]) {
      for (const around of AROUND) agrees(row, { ...around, tailFree }, undefined, tally);
    }
  }
  tally.print(t);
});
