import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('tokens at least as likely as two draws are to agree', () => {
  // The sum of squares is 0.365 for the first row and 0.2518 for the second.
  const kept = (...probs) => lawOf(Float32Array.from(probs, Math.log), { pLess: true }).ids;
  assert.deepEqual(kept(0.5, 0.3, 0.15, 0.05), [0]);
  assert.deepEqual(kept(0.28, 0.26, 0.24, 0.22), [0, 1]);
  assert.equal(lawOf([0.5, 0.2], { pLess: false }).ids.length, 2);
});

test('equals all stay', () => {
  for (const n of [1, 2, 3, 7, 64, 1000])
    assert.equal(lawOf(new Float32Array(n), { pLess: true }).ids.length, n);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const pLess of [false, true]) {
      for (const around of AROUND) agrees(row, { ...around, pLess }, undefined, tally);
    }
  }
  tally.print(t);
});
