import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { random } from './helpers/random.js';
import { normal, peaked } from './helpers/rows.js';

const MASKED = Number.NEGATIVE_INFINITY;

test('a bias is added to its logit', () => {
  const row = normal(500, 1);
  const logitBias = { 3: 2.5, 499: -1, 0: 0.1, 64: 7 };
  for (const options of [
    {},
    { topK: 20 },
    { temperature: 0.5 },
    { temperature: -1, topK: 10 },
    { minP: 0.1 },
  ]) {
    agrees(row, { ...options, logitBias });
  }
});

test('a Map and an object are the same', () => {
  const row = peaked(200, 2);
  const table = { 5: 1, 100: -2, 42: MASKED };
  const map = new Map(Object.entries(table).map(([id, b]) => [Number(id), b]));
  assert.deepEqual(lawOf(row, { logitBias: map }), lawOf(row, { logitBias: table }));
});

test('-Infinity bans, even the best and even +Infinity', () => {
  assert.deepEqual(lawOf([1, 5, 3], { logitBias: { 1: MASKED } }).ids, [2, 0]);
  assert.deepEqual(lawOf([1, Number.POSITIVE_INFINITY, 3], { logitBias: { 1: MASKED } }).ids, [2, 0]);
  assert.deepEqual(lawOf([1, 5, 3], { logitBias: { 1: MASKED }, temperature: 0 }).ids, [2]);
  const sampler = new Sampler(3, { logitBias: { 0: MASKED }, temperature: 50, seed: 3 });
  for (let i = 0; i < 300; i++) assert.notEqual(sampler.sample([1, 5, 3]), 0);
  sampler.dispose();
});

test('a masked token stays masked under any bias', () => {
  assert.deepEqual(lawOf([1, MASKED, 3], { logitBias: { 1: 1000 } }).ids, [2, 0]);
});

test('many biases', () => {
  const n = 3000;
  const next = random(3);
  const logitBias = new Map(
    Array.from({ length: 1500 }, (_, i) => [i * 2, next() < 0.1 ? MASKED : 4 * next() - 2]),
  );
  agrees(normal(n, 4), { logitBias });
  agrees(normal(n, 4), { logitBias, topK: 100 });
});

test('an empty table is neutral', () => {
  const row = normal(100, 5);
  assert.deepEqual(lawOf(row, { logitBias: {} }), lawOf(row, {}));
  assert.deepEqual(lawOf(row, { logitBias: new Map() }), lawOf(row, {}));
});

test('the table is read when it is given: later changes of it change nothing', () => {
  const table = new Map([[0, 5]]);
  const sampler = new Sampler(3, { logitBias: table, temperature: 0 });
  table.set(0, -5);
  assert.equal(sampler.sample([1, 2, 3]), 0);
  sampler.dispose();
});
