import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler, topK } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { flat, normal, peaked, tied } from './helpers/rows.js';
import * as oracle from './oracle/rank.js';

const MASKED = Number.NEGATIVE_INFINITY;

test('topK: descending, the lowest id first among equals', () => {
  for (const x of [
    normal(1, 1),
    normal(63, 2),
    normal(1000, 3),
    peaked(5000, 4),
    tied(777, 5),
    new Float32Array(300),
  ]) {
    for (const k of [1, 2, 5, 40, 64, 300, 1024, 1025, 5000]) {
      const found = topK(x, k);
      const expected = oracle.topK(x, k);
      assert.deepEqual(Array.from(found.ids), expected.ids, `n ${x.length}, k ${k}`);
      assert.deepEqual(Array.from(found.logits), expected.logits, `n ${x.length}, k ${k}`);
    }
  }
});

test('topK: masked logits are left out', () => {
  const x = [MASKED, 3, MASKED, 1];
  const { ids, logits } = topK(x, 4);
  assert.deepEqual(Array.from(ids), [1, 3]);
  assert.deepEqual(Array.from(logits), [3, 1]);
});

test('topK: float64 that float32 cannot tell apart beside a large maximum', () => {
  for (const row of [
    [1e10, 1, 5],
    [1e300, 1, 5, -Infinity, 7, 5],
    [1, 1 + 1e-12, 1 - 1e-12],
    [Infinity, 1, 2, Infinity],
    Array.from({ length: 500 }, (_, id) => (id === 9 ? 1e200 : (id * 7919) % 97)),
  ]) {
    for (const x of [row, Float64Array.from(row)]) {
      for (const k of [1, 2, 3, 40, 600]) {
        const expected = row
          .map((_, id) => id)
          .filter((id) => row[id] > -Infinity)
          .sort((a, b) => (row[b] === row[a] ? a - b : row[b] > row[a] ? 1 : -1))
          .slice(0, k);
        const found = topK(x, k);
        assert.deepEqual(Array.from(found.ids), expected);
        assert.deepEqual(
          Array.from(found.logits),
          expected.map((id) => Math.fround(row[id])),
        );
        const twice = topK([...row, ...row], k, { rows: 2 });
        assert.deepEqual(
          Array.from(twice.ids.slice(-Math.min(k, row.length))).filter((id) => id >= 0),
          expected,
        );
      }
    }
  }
});

test('topK: what is far beyond float32 is not masked', () => {
  const x = [-Number.MAX_VALUE, 5, 4, -1e300, Number.NEGATIVE_INFINITY];
  for (const row of [x, Float64Array.from(x)]) assert.deepEqual(Array.from(topK(row, 5).ids), [1, 2, 3, 0]);
});

test('topK: -0 and 0 are equal', () => {
  assert.deepEqual(Array.from(topK([-0, 0, -0], 2).ids), [0, 1]);
});

test('the stage keeps the first k, exactly', () => {
  for (const row of [peaked(1000, 6), flat(3000, 7), tied(500, 8), normal(64, 9)]) {
    for (const k of [1, 2, 40, 64, 65, 100, 499, 1023, 1024, 1025, 2500, 10000]) {
      agrees(row, { topK: k });
      agrees(row, { topK: k, temperature: 0.7 });
    }
  }
});

test('0 keeps all, and so does more than the vocabulary', () => {
  const row = normal(200, 10);
  assert.equal(lawOf(row, { topK: 0 }).ids.length, 200);
  assert.equal(lawOf(row, { topK: 1e9 }).ids.length, 200);
});

test('minKeep is a lower bound', () => {
  const row = normal(200, 11);
  for (const minKeep of [1, 5, 40, 300]) agrees(row, { topK: 10, minKeep });
});

test('below temperature 0 the least likely come first', () => {
  for (const topK of [3, 40, 1500]) agrees(normal(2000, 12), { temperature: -1, topK });
});

test('masked tokens are never among the k', () => {
  const row = normal(300, 13);
  for (let i = 0; i < 280; i++) row[i] = MASKED;
  agrees(row, { topK: 40 });
  const sampler = new Sampler(300, { topK: 40, seed: 1 });
  for (let i = 0; i < 200; i++) assert.ok(sampler.sample(row) >= 280);
  sampler.dispose();
});
