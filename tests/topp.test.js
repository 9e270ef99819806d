import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf } from './helpers/law.js';
import { flat, normal, peaked, tied, zipf } from './helpers/rows.js';

test('the crossing token is kept', () => {
  // Probabilities 1/2, 1/4, 1/8, 1/8.
  const row = Float32Array.from([0.5, 0.25, 0.125, 0.125], Math.log);
  const kept = (topP) => lawOf(row, { topP }).ids;
  assert.deepEqual(kept(0), [0]);
  assert.deepEqual(kept(0.3), [0]);
  assert.deepEqual(kept(0.6), [0, 1]);
  assert.deepEqual(kept(0.74), [0, 1]);
  assert.deepEqual(kept(0.76), [0, 1, 2]);
  assert.deepEqual(kept(0.9), [0, 1, 2, 3]);
  assert.deepEqual(kept(1), [0, 1, 2, 3]);
});

test('a bound met exactly does not let another token in', () => {
  const row = new Float32Array(4);
  for (const options of [{}, { topK: 4 }]) {
    assert.deepEqual(lawOf(row, { ...options, topP: 0.25 }).ids, [0]);
    assert.deepEqual(lawOf(row, { ...options, topP: 0.5 }).ids, [0, 1]);
    assert.deepEqual(lawOf(row, { ...options, topP: 0.5 + 2 ** -20 }).ids, [0, 1, 2]);
    assert.deepEqual(lawOf(row, { ...options, topP: 0.75 }).ids, [0, 1, 2]);
  }
});

test('of equal logits exactly their share stays, however float32 rounds their sums', () => {
  for (const n of [10, 20, 100, 700, 1000]) {
    for (const x of [0, 3.3, -47.1]) {
      const row = new Float32Array(n).fill(x);
      for (const percent of [10, 20, 30, 50, 70, 80, 90])
        for (const options of [{}, { topK: n }])
          assert.equal(lawOf(row, { ...options, topP: percent / 100 }).ids.length, (n * percent) / 100);
    }
  }
});

test('a sum that reaches the bound in decimals reaches it here', () => {
  const kept = (probs, topP) => lawOf(Float32Array.from(probs, Math.log), { topP }).ids;
  // As llama.cpp and Hugging Face have them in their own tests.
  assert.deepEqual(kept([0.1, 0.2, 0.3, 0.4], 0.7), [3, 2]);
  assert.deepEqual(kept([0.1, 0.2, 0.3, 0.4], 0.8), [3, 2, 1]);
  assert.deepEqual(kept([0.3, 0.1, 0.1, 0.5], 0.8), [3, 0]);
  assert.deepEqual(kept([0.15, 0.3, 0.3, 0.25], 0.8), [1, 2, 3]);
});

test('against the oracle over the whole row and over a list', () => {
  for (const row of [
    peaked(1000, 1),
    flat(3000, 2),
    zipf(2000, 3),
    normal(65, 4),
    normal(2, 5),
    normal(1, 6),
  ]) {
    for (const topP of [0, 0.1, 0.5, 0.9, 0.95, 1]) {
      for (const temperature of [1, 0.7, 1.8]) {
        agrees(row, { topP, temperature });
        agrees(row, { topP, temperature, topK: 50 });
        agrees(row, { topP, temperature, topK: 1500 });
      }
    }
  }
});

test('ties are cut by id', () => {
  for (const topP of [0.03, 0.31, 0.55, 0.87]) {
    agrees(tied(400, 7), { topP });
    agrees(tied(400, 7), { topP, topK: 333 });
  }
});

test('minKeep is a lower bound', () => {
  for (const minKeep of [1, 2, 7, 300]) {
    agrees(peaked(200, 8), { topP: 0.3, minKeep });
    agrees(peaked(200, 8), { topP: 0.3, minKeep, topK: 20 });
  }
});

test('a certain token leaves nothing else', () => {
  const row = new Float32Array(500);
  row[321] = 200;
  assert.deepEqual(lawOf(row, { topP: 0.999999 }), { ids: [321], probs: [1] });
});

test('below temperature 0', () => {
  for (const topP of [0.2, 0.9]) {
    agrees(normal(700, 9), { temperature: -0.8, topP });
    agrees(normal(700, 9), { temperature: -0.8, topP, topK: 100 });
  }
});
