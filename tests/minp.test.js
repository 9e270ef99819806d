import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf } from './helpers/law.js';
import { flat, normal, peaked, tied, zipf } from './helpers/rows.js';

test('tokens at least minP as likely as the best', () => {
  const row = Float32Array.from([1, 0.5, 0.2, 0.04], Math.log);
  const kept = (minP) => lawOf(row, { minP }).ids;
  assert.deepEqual(kept(0), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.03), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.05), [0, 1, 2]);
  assert.deepEqual(kept(0.3), [0, 1]);
  assert.deepEqual(kept(0.51), [0]);
});

test('1 keeps the best and its equals', () => {
  assert.deepEqual(lawOf([3, 7, 1, 7, 7], { minP: 1 }).ids, [1, 3, 4]);
  assert.deepEqual(lawOf([3, 7, 1, 7, 7], { minP: 1, temperature: 0.3 }).ids, [1, 3, 4]);
});

test('the bound itself is inside', () => {
  // ln 0.5 in float64 lies between two float32 logits: the one above is in, the one below is out.
  const above = Math.fround(Math.log(0.5));
  const step = 2 ** -24;
  const row = [0, above > Math.log(0.5) ? above : above + step, above > Math.log(0.5) ? above - step : above];
  assert.deepEqual(lawOf(row, { minP: 0.5 }).ids, [0, 1]);
  // Exact: 0 - 4 ln 1 and ln minP scaled by T leave no rounding at minP = 1.
  assert.deepEqual(lawOf([0, -(2 ** -149)], { minP: 1 }).ids, [0]);
});

test('against the oracle over the whole row and over a list', () => {
  for (const row of [
    peaked(1000, 1),
    flat(3000, 2),
    zipf(2000, 3),
    normal(65, 4),
    normal(1, 5),
    tied(300, 6),
  ]) {
    for (const minP of [0.001, 0.05, 0.3, 0.9, 1]) {
      for (const temperature of [1, 0.7, 1.8, -1]) {
        agrees(row, { minP, temperature });
        agrees(row, { minP, temperature, topK: 50 });
        agrees(row, { minP, temperature, topP: 0.9 });
        agrees(row, { minP, temperature, topP: 0.9, topK: 200 });
      }
    }
  }
});

test('minKeep is a lower bound', () => {
  for (const minKeep of [1, 2, 7, 300]) {
    agrees(peaked(200, 7), { minP: 0.5, minKeep });
    agrees(peaked(200, 7), { minP: 0.5, minKeep, topK: 20 });
  }
});

test('the mean of a common offset is no matter', () => {
  const row = normal(200, 8);
  const shifted = row.map((x) => x + 1024);
  const back = shifted.map((x) => x - 1024);
  assert.deepEqual(lawOf(shifted, { minP: 0.1 }).ids, lawOf(back, { minP: 0.1 }).ids);
});
