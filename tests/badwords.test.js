import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { below, random } from './helpers/random.js';
import { normal } from './helpers/rows.js';
import { story } from './helpers/story.js';
import { wordBans } from './published/arrays.js';

test('the last token of a bad word is banned where the others stand', () => {
  const row = [6, 5, 4, 3, 2, 1];
  const kept = (badWords, ...history) => lawOf(row, { badWords }, { history }).ids;
  assert.deepEqual(kept([[0], [4]]), [1, 2, 3, 5]);
  assert.deepEqual(kept([[1, 2, 0]], 5, 1, 2), [1, 2, 3, 4, 5]);
  assert.deepEqual(kept([[1, 2, 0]], 1, 2, 5), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(kept([[1, 2, 0]], 2), [0, 1, 2, 3, 4, 5], 'a history shorter than the word');
  assert.deepEqual(kept([[1, 1, 1]], 1, 1), [0, 2, 3, 4, 5]);
  assert.deepEqual(
    kept(
      [
        [2, 0],
        [1, 2, 3],
        [2, 2, 4],
      ],
      1,
      2,
    ),
    [1, 2, 4, 5],
  );
});

test('against the oracle', () => {
  const next = random(1);
  for (let i = 0; i < 60; i++) {
    const n = [8, 40, 300][i % 3];
    const { history, outputs } = story(60, Math.min(n, 6), i);
    const badWords = Array.from({ length: 1 + below(next, 12) }, () => {
      const from = below(next, history.length - 4);
      return history.slice(from, from + 1 + below(next, 4));
    });
    const spared = Array.from({ length: n }, (_, id) => id).filter((id) => id !== 7);
    const words = badWords.filter((word) => spared.includes(word.at(-1)));
    const rest = [{}, { topK: 5 }, { temperature: -1, topP: 0.8 }][i % 3];
    agrees(normal(n, i), { ...rest, badWords: words }, { history, outputs });
  }
});

test("by vLLM's rules a bad word must lie in the output", () => {
  const sampler = new Sampler(6, { badWords: [[1, 2, 0]], order: 'vllm', seed: 1 });
  const allowed = () => Array.from(sampler.distribution([6, 5, 4, 3, 2, 1]).ids).includes(0);
  sampler.accept([1, 2], { prompt: true });
  assert.ok(allowed(), 'in the prompt');
  sampler.accept(2);
  assert.ok(allowed(), 'half of it in the prompt');
  sampler.accept([1, 2]);
  assert.ok(!allowed(), 'in the output');
  sampler.configure({ order: 'logitkit' });
  assert.ok(!allowed());
  sampler.rewind(2);
  sampler.accept([1, 2], { prompt: true });
  assert.ok(!allowed(), 'logitkit looks at all tokens');
  sampler.configure({ order: 'vllm' });
  assert.ok(allowed());

  const next = random(2);
  const all = Array.from({ length: 40 }, (_, id) => id);
  const ascending = (/** @type {number} */ a, /** @type {number} */ b) => a - b;
  for (let i = 0; i < 40; i++) {
    const { history, outputs } = story(60, 4, i);
    const badWords = Array.from({ length: 9 }, () => {
      const from = below(next, history.length - 4);
      return history.slice(from, from + 2 + below(next, 3));
    });
    const seen = new Sampler(40, { badWords, order: 'vllm', seed: 1 });
    const prompt = outputs.lastIndexOf(false) + 1;
    seen.accept(history.slice(0, prompt), { prompt: true });
    seen.accept(history.slice(prompt));
    const banned = wordBans(history.slice(prompt), badWords);
    const { ids } = seen.distribution(normal(40, i));
    assert.deepEqual(
      Array.from(ids).sort(ascending),
      all.filter((id) => !banned.has(id)),
    );
  }
});
