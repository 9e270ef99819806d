import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { normal } from './helpers/rows.js';

test('the end is banned until enough tokens were produced; the prompt does not count', () => {
  const row = [1, 2, 9, 3, 8];
  const options = { minTokens: 3, eosTokens: [2, 4] };
  const kept = (produced) =>
    lawOf(row, options, {
      history: [0, 0, 0, 1, 1, 1],
      outputs: [0, 1, 2, 3, 4, 5].map((i) => i >= 6 - produced),
    }).ids;
  assert.deepEqual(kept(0), [3, 1, 0]);
  assert.deepEqual(kept(2), [3, 1, 0]);
  assert.deepEqual(kept(3), [2, 4, 3, 1, 0]);
  assert.deepEqual(kept(6), [2, 4, 3, 1, 0]);
});

test('sampling, rewinding and reset move on and back', () => {
  const sampler = new Sampler(3, { minTokens: 2, eosTokens: [2], temperature: 0 });
  const row = Float32Array.of(0, 1, 5);
  const tokens = () => Array.from({ length: 4 }, () => sampler.sample(row));
  assert.deepEqual(tokens(), [1, 1, 2, 2]);
  sampler.rewind(3);
  assert.equal(sampler.sample(row), 1);
  sampler.reset();
  assert.deepEqual(tokens(), [1, 1, 2, 2]);
  sampler.dispose();
});

test('against the oracle', () => {
  const row = normal(300, 1, 2);
  for (const position of [0, 4, 5, 6]) {
    const history = Array.from({ length: position + 3 }, (_, i) => i);
    const outputs = history.map((_, i) => i >= 3);
    for (const rest of [{}, { topK: 20 }, { temperature: -1, topP: 0.8 }])
      agrees(row, { ...rest, minTokens: 5, eosTokens: [3, 250] }, { history, outputs });
  }
});
