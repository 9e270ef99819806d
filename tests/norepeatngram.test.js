import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { normal } from './helpers/rows.js';
import { story } from './helpers/story.js';

test('what would complete an n-gram a second time is banned', () => {
  const row = [6, 5, 4, 3, 2, 1];
  const kept = (noRepeatNgramSize, ...history) => lawOf(row, { noRepeatNgramSize }, { history }).ids;
  assert.deepEqual(kept(0, 1, 2, 1, 2), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(kept(1, 1, 2, 1), [0, 3, 4, 5]);
  assert.deepEqual(kept(2, 1, 2, 3, 1), [0, 1, 3, 4, 5]);
  assert.deepEqual(kept(2, 1, 2, 1, 3, 1), [0, 1, 4, 5]);
  assert.deepEqual(kept(3, 1, 2, 3, 1, 2), [0, 1, 2, 4, 5]);
  assert.deepEqual(kept(3, 1, 2, 3, 2, 1), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(kept(2, 1, 1), [0, 2, 3, 4, 5]);
  assert.deepEqual(kept(4, 1, 1, 1), [0, 1, 2, 3, 4, 5], 'a history shorter than n');
});

test('against the oracle: prompt and output, both regimes', () => {
  for (let i = 0; i < 60; i++) {
    const n = [20, 300, 2000][i % 3];
    const context = story([0, 3, 50, 300][i % 4], Math.min(n - 5, 12), i);
    const rest = [{}, { topK: 15 }, { temperature: -1, topP: 0.8 }][i % 3];
    agrees(normal(n, i), { ...rest, noRepeatNgramSize: 1 + (i % 5) }, context);
  }
});

test('step by step, with rewind, reset and another size: what a fresh sampler says', () => {
  const n = 12;
  const row = normal(n, 5);
  const sampler = new Sampler(n, { noRepeatNgramSize: 3, seed: 1 });
  const check = (noRepeatNgramSize, history) => {
    const { ids, probs } = sampler.distribution(row);
    const fresh = lawOf(row, { noRepeatNgramSize }, { history });
    assert.deepEqual({ ids: Array.from(ids), probs: Array.from(probs) }, fresh);
  };
  for (const size of [3, 2, 4, 3]) {
    sampler.configure({ noRepeatNgramSize: size });
    for (let i = 0; i < 40; i++) {
      check(size, Array.from(sampler.history));
      sampler.sample(row);
      if (i % 17 === 16) sampler.rewind(9);
    }
  }
  sampler.reset();
  sampler.configure({ noRepeatNgramSize: 2 });
  check(2, []);
  sampler.accept([1, 2, 1], { prompt: true });
  check(2, [1, 2, 1]);
  sampler.dispose();
});
