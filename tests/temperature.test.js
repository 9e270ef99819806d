import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { normal, peaked, tied } from './helpers/rows.js';
import { argmax } from './oracle/rank.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;

/** Temperatures whose reciprocal float32 cannot hold: all of them mean greedy. */
const ZEROS = [0, -0, 1e-39, -1e-39, 2 ** -130, 5e-324];

test('the law of x / T', () => {
  for (const row of [normal(100, 1, 3), peaked(1500, 2)]) {
    for (const temperature of [1, 0.8, 0.1, 1.5, 40, 1e6, -1, -0.2, -1e6]) agrees(row, { temperature });
  }
});

test('0 is greedy, and so is anything whose reciprocal is beyond float32', () => {
  for (const temperature of ZEROS) {
    for (const row of [normal(200, 3), tied(300, 4), Float32Array.of(MASKED, 5, INF)]) {
      const best = argmax(row);
      assert.deepEqual(lawOf(row, { temperature }), { ids: [best], probs: [1] }, `T ${temperature}`);
      const sampler = new Sampler(row.length, { temperature, seed: 1 });
      for (let position = 0; position < 5; position++) {
        assert.equal(sampler.position, position);
        assert.equal(sampler.sample(row), best, `T ${temperature}`);
      }
      sampler.dispose();
    }
  }
});

test('the smallest temperature that is not 0', () => {
  const row = Float32Array.of(0, 2 ** -126, 0);
  assert.equal(lawOf(row, { temperature: 2 ** -127 }).ids.length, 3);
  agrees(row, { temperature: 2 ** -127 });
});

test('0 skips the stages behind it', () => {
  const row = normal(100, 5);
  const law = lawOf(row, { temperature: 0, topK: 40, topP: 0.9, minP: 0.1, minKeep: 7 });
  assert.deepEqual(law, { ids: [argmax(row)], probs: [1] });
});

test('0 comes after masks, bias and penalties', () => {
  const row = Float32Array.of(1, 2, 3, 4);
  const options = { temperature: 0, logitBias: { 3: -5, 0: 1.5 }, presencePenalty: 2 };
  assert.equal(lawOf(row, options).ids[0], 2);
  assert.equal(lawOf(row, options, { history: [2] }).ids[0], 0);
  assert.equal(lawOf(row, options, { history: [2, 0], mask: Int32Array.of(0b1001) }).ids[0], 0);
  assert.equal(lawOf(row, options, { history: [2, 0], mask: Int32Array.of(0b1000) }).ids[0], 3);
});

test('infinite temperatures make the survivors equal', () => {
  const row = normal(300, 6);
  row[17] = MASKED;
  row[100] = INF;
  for (const temperature of [INF, -INF]) {
    const { ids, probs } = lawOf(row, { temperature });
    assert.equal(ids.length, 299);
    assert.ok(!ids.includes(17));
    assert.ok(probs.every((p) => p === Math.fround(1 / 299)));
  }
});

test('below 0 the order is inverted, -Infinity stays masked and +Infinity leaves', () => {
  assert.deepEqual(lawOf([3, MASKED, 1, INF, 2], { temperature: -1 }).ids, [2, 4, 0]);
  assert.deepEqual(lawOf([INF, MASKED, INF], { temperature: -1 }), { ids: [0, 2], probs: [0.5, 0.5] });
  for (const temperature of [-1, -0.3, -20]) agrees(tied(300, 7), { temperature });
});

test("llama.cpp's rule: below 0 is greedy", () => {
  const row = normal(100, 8);
  assert.deepEqual(lawOf(row, { temperature: -1, order: 'llama.cpp' }), { ids: [argmax(row)], probs: [1] });
});
