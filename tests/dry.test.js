import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { below, random } from './helpers/random.js';
import { normal } from './helpers/rows.js';
import { story } from './helpers/story.js';

const BASE = { dryMultiplier: 1, dryBase: 2 };

/** What each token of a flat row loses, in nats. */
function losses(options, ...history) {
  const { ids, probs } = lawOf(new Float32Array(8), { ...BASE, ...options }, { history });
  const most = Math.max(...probs);
  const found = Array.from({ length: 8 }, () => 0);
  ids.forEach((id, i) => {
    found[id] = Math.round(-Math.log(probs[i] / most) * 1e5) / 1e5 + 0;
  });
  return found;
}

test('what would extend a repetition loses multiplier base^(length - allowed)', () => {
  assert.deepEqual(losses({}, 1, 2, 3, 1, 2), [0, 0, 0, 1, 0, 0, 0, 0]);
  assert.deepEqual(losses({}, 5, 1, 2, 3, 4, 5, 1, 2), [0, 0, 0, 2, 0, 0, 0, 0]);
  assert.deepEqual(losses({}, 1, 2, 3, 4, 2), [0, 0, 0, 0, 0, 0, 0, 0], 'shorter than allowed');
  assert.deepEqual(losses({ dryAllowedLength: 1 }, 1, 2, 3, 4, 2), [0, 0, 0, 1, 0, 0, 0, 0]);
  assert.deepEqual(losses({}, 7, 7, 7, 7, 7), [0, 0, 0, 0, 0, 0, 0, 4]);
  assert.deepEqual(losses({ dryMultiplier: 0 }, 7, 7, 7, 7, 7), [0, 0, 0, 0, 0, 0, 0, 0]);
});

test('of several repetitions the longest counts', () => {
  assert.deepEqual(losses({}, 1, 2, 3, 0, 4, 1, 2, 3, 5, 4, 1, 2), [0, 0, 0, 2, 0, 0, 0, 0]);
});

test('breakers end a repetition: tokens and sequences', () => {
  assert.deepEqual(
    losses({ drySequenceBreakers: [[6]] }, 1, 6, 2, 3, 4, 1, 6, 2, 3),
    [0, 0, 0, 0, 1, 0, 0, 0],
  );
  assert.deepEqual(losses({ drySequenceBreakers: [[3]] }, 1, 2, 3, 1, 2), [0, 0, 0, 0, 0, 0, 0, 0]);
  const two = { drySequenceBreakers: [[6, 2]] };
  assert.deepEqual(losses(two, 1, 6, 2, 3, 4, 5, 1, 6, 2, 3, 4), [0, 0, 0, 0, 0, 1, 0, 0]);
  assert.deepEqual(losses(two, 1, 2, 6, 3, 4, 5, 1, 2, 6, 3, 4), [0, 0, 0, 0, 0, 8, 0, 0]);
});

test('a window', () => {
  assert.deepEqual(losses({ dryLastN: 5 }, 5, 1, 2, 3, 4, 5, 1, 2), [0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(losses({ dryLastN: 7 }, 5, 1, 2, 3, 4, 5, 1, 2), [0, 0, 0, 1, 0, 0, 0, 0]);
  assert.deepEqual(losses({ dryLastN: 0 }, 1, 2, 3, 1, 2), [0, 0, 0, 0, 0, 0, 0, 0]);
});

test('against the oracle: windows, breakers, both regimes', () => {
  const next = random(3);
  for (let i = 0; i < 120; i++) {
    const n = [10, 300, 2000][i % 3];
    const alphabet = [3, 6, 9][below(next, 3)];
    const context = story([0, 2, 30, 120, 400][below(next, 5)], alphabet, i);
    const options = {
      dryMultiplier: [0.8, 2][below(next, 2)],
      dryBase: [1.75, 1, 3][below(next, 3)],
      dryAllowedLength: [1, 2, 5][below(next, 3)],
      dryLastN: [-1, -1, 20, 64, 1000][below(next, 5)],
      drySequenceBreakers: [[], [[0]], [[1], [0, 2]], [[0, 1, 0], [2]]][below(next, 4)],
      topK: [0, 15][below(next, 2)],
      temperature: [1, 0.8][below(next, 2)],
    };
    agrees(normal(n, i, 2), options, context);
  }
});

test("llama.cpp's rules", () => {
  for (let i = 0; i < 20; i++) {
    const options = { dryMultiplier: 1.2, drySequenceBreakers: [[0], [1, 2]], order: 'llama.cpp' };
    agrees(normal(200, i, 2), options, story(100, 6, i));
  }
});

test('step by step, with rewind, reset and other options: what a fresh sampler says', () => {
  const n = 6;
  const row = normal(n, 5, 0.4);
  for (const options of [
    { dryMultiplier: 0.5, dryAllowedLength: 1, seed: 1 },
    { dryMultiplier: 0.5, dryLastN: 15, drySequenceBreakers: [[0]], seed: 2 },
    { dryMultiplier: 0.5, maxHistory: 25, drySequenceBreakers: [[0, 1]], seed: 3 },
  ]) {
    const sampler = new Sampler(n, options);
    const check = (changed) => {
      const found = sampler.distribution(row);
      const fresh = lawOf(row, { ...options, ...changed }, { history: Array.from(sampler.history) });
      assert.deepEqual({ ids: Array.from(found.ids), probs: Array.from(found.probs) }, fresh);
    };
    for (let i = 0; i < 80; i++) {
      sampler.sample(row);
      if (i % 13 === 12) sampler.rewind(7);
      check({});
    }
    sampler.configure({ dryAllowedLength: 3, drySequenceBreakers: [[2]] });
    check({ dryAllowedLength: 3, drySequenceBreakers: [[2]] });
    sampler.reset();
    check({});
    sampler.dispose();
  }
});
