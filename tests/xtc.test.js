import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { obeys, SIGNIFICANCE } from './helpers/chi.js';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { peaked, zipf } from './helpers/rows.js';
import { AROUND, ROWS } from './helpers/stages.js';
import { law } from './oracle/chain.js';
import { uniform } from './oracle/uniform.js';

const PURPOSE = 1;

const row = Float32Array.from([0.4, 0.3, 0.2, 0.1], Math.log);

test('of the tokens at the threshold or above only the least likely stays', () => {
  const kept = (xtcThreshold, rest) => lawOf(row, { xtcProbability: 1, xtcThreshold, ...rest }).ids;
  assert.deepEqual(kept(0.15), [2, 3]);
  assert.deepEqual(kept(0.25), [1, 2, 3]);
  assert.deepEqual(kept(0.35), [0, 1, 2, 3], 'one alone stays');
  assert.deepEqual(kept(0.5), [0, 1, 2, 3]);
  assert.deepEqual(kept(0), [3], 'the least likely of all');
  assert.deepEqual(kept(0.15, { topK: 2 }), [1]);
});

test('of equal tokens all reach what is exactly their probability', () => {
  for (const n of [2, 4, 8, 10, 32, 128]) {
    for (const x of [0, 3.3, -47.1]) {
      const equal = new Float32Array(n).fill(x);
      for (const rest of [{}, { topK: n }, { temperature: 0.7 }, { order: 'llama.cpp' }])
        assert.deepEqual(lawOf(equal, { xtcProbability: 1, xtcThreshold: 1 / n, ...rest }).ids, [n - 1]);
      const above = { xtcProbability: 1, xtcThreshold: 1 / n, order: 'mlx' };
      assert.equal(lawOf(equal, above).ids.length, n, 'what is above its threshold, MLX says');
    }
  }
});

test('nothing happens where fewer than minKeep would remain', () => {
  const kept = (minKeep) => lawOf(row, { xtcProbability: 1, xtcThreshold: 0.15, minKeep }).ids;
  assert.deepEqual(kept(1), [2, 3]);
  assert.deepEqual(kept(2), [2, 3]);
  assert.deepEqual(kept(3), [0, 1, 2, 3]);
});

test('the law mixes both chains', () => {
  const { ids, probs } = lawOf(row, { xtcProbability: 0.25, xtcThreshold: 0.15 });
  assert.deepEqual(ids, [2, 0, 1, 3]);
  [0.75 * 0.2 + 0.25 * (2 / 3), 0.3, 0.225, 0.75 * 0.1 + 0.25 / 3].forEach((p, i) => {
    assert.ok(Math.abs(probs[i] - p) < 1e-6, `[${i}] ${probs[i]}, expected ${p}`);
  });
});

test('stages behind see one of the two, and the law mixes what they make of it', () => {
  const order = ['xtc', 'topK', 'draw'];
  const { ids, probs } = lawOf(row, { xtcProbability: 0.5, xtcThreshold: 0.15, topK: 1, order });
  assert.deepEqual(ids, [0, 2]);
  assert.deepEqual(probs, [0.5, 0.5]);
});

test('it fires where its own uniform, of purpose 1, is below the probability', () => {
  const options = { xtcProbability: 0.4, xtcThreshold: 0.15, seed: 17 };
  const sampler = new Sampler(4, options);
  for (let position = 0; position < 300; position++) {
    const token = sampler.sample(row);
    const fires = uniform({ seed: 17, position, purpose: PURPOSE }, 0) < 0.4;
    if (token < 2) assert.ok(!fires, `position ${position}`);
  }
  sampler.dispose();
});

test('at temperature 0 it is skipped', () => {
  assert.deepEqual(lawOf(row, { xtcProbability: 1, xtcThreshold: 0, temperature: 0 }).ids, [0]);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const x of Object.values(ROWS)) {
    for (const xtcProbability of [0.5, 1]) {
      for (const xtcThreshold of [0, 0.003, 0.1, 0.4]) {
        for (const around of AROUND) agrees(x, { ...around, xtcProbability, xtcThreshold }, undefined, tally);
      }
    }
  }
  tally.print(t);
});

for (const [name, x, options] of [
  ['a list', peaked(2000, 1), { topK: 50, xtcProbability: 0.5, xtcThreshold: 0.05, seed: 1 }],
  ['a whole row', peaked(2000, 2), { xtcProbability: 0.3, xtcThreshold: 0.08, seed: 2 }],
  ['behind top-p', zipf(700, 3), { topP: 0.9, xtcProbability: 0.6, xtcThreshold: 0.02, seed: 3 }],
]) {
  test(`chi-square at ${SIGNIFICANCE}: ${name}`, (t) => {
    const sampler = new Sampler(x.length, options);
    const counts = new Uint32Array(x.length);
    sampler.logits.set(x);
    for (let i = 0; i < 40000; i++) counts[sampler.sample()]++;
    sampler.dispose();
    obeys(t, counts, law(x, options));
  });
}
