import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('by hand', () => {
  // -p ln p of 0.5, 0.3, 0.15, 0.05: 0.347, 0.361, 0.285, 0.150, in all 1.142.
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const kept = (topH) => lawOf(row, { topH }).ids;
  assert.deepEqual(kept(0), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.01), [0]);
  assert.deepEqual(kept(0.61), [0]);
  assert.deepEqual(kept(0.63), [0, 1]);
  assert.deepEqual(kept(0.86), [0, 1]);
  assert.deepEqual(kept(0.88), [0, 1, 2]);
  assert.deepEqual(kept(1), [0, 1, 2, 3]);
});

test('it looks at a hundred, and minKeep may keep more', () => {
  const row = new Float32Array(500);
  assert.equal(lawOf(row, { topH: 1 }).ids.length, 100);
  assert.deepEqual(lawOf(row, { topH: 0.105 }).ids, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(lawOf(row, { topH: 0.1, minKeep: 200 }).ids.length, 200);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const topH of [0, 0.01, 0.2, 0.55, 0.9]) {
      for (const around of AROUND) agrees(row, { ...around, topH }, undefined, tally);
    }
  }
  tally.print(t);
});
