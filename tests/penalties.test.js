import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { below, random } from './helpers/random.js';
import { normal, peaked } from './helpers/rows.js';

const MASKED = Number.NEGATIVE_INFINITY;

/** A history with repeats, each token from the prompt or from the model. */
function story(length, vocabulary, seed) {
  const next = random(seed);
  const history = Array.from({ length }, () => below(next, vocabulary));
  return { history, outputs: history.map((_, i) => i >= length / 3) };
}

/** Logits as the penalties leave them, read off a law: differences of log-probabilities from token 0's. */
function shifts(row, options, context) {
  const { ids, probs } = lawOf(row, options, context);
  const logs = new Map(ids.map((id, i) => [id, Math.log(probs[i])]));
  return Array.from(row, (_, id) => logs.get(id) - logs.get(0));
}

function nearly(actual, expected) {
  actual.forEach((v, i) => {
    assert.ok(Math.abs(v - expected[i]) < 2e-6, `[${i}] ${v}, expected ${expected[i]}`);
  });
}

test('repetition divides positive logits and multiplies the others, once per token', () => {
  const context = { history: [1, 1, 1, 2, 3] };
  nearly(shifts([0, 2, -2, 0], { repetitionPenalty: 2 }, context), [0, 1, -4, 0]);
  nearly(shifts([0, 2, -2, 0], { repetitionPenalty: 0.5 }, context), [0, 4, -1, 0]);
});

test('frequency counts, presence does not', () => {
  const context = { history: [1, 1, 1, 2] };
  nearly(shifts([0, 0, 0, 0], { frequencyPenalty: 0.5 }, context), [0, -1.5, -0.5, 0]);
  nearly(shifts([0, 0, 0, 0], { presencePenalty: 0.75 }, context), [0, -0.75, -0.75, 0]);
  nearly(shifts([0, 0, 0, 0], { frequencyPenalty: -0.5, presencePenalty: -1 }, context), [0, 2.5, 1.5, 0]);
});

test('repetition acts before frequency and presence', () => {
  const context = { history: [1, 1, 2] };
  const options = { repetitionPenalty: 2, frequencyPenalty: 0.5, presencePenalty: 0.25 };
  nearly(shifts([0, 4, -1, 3], options, context), [0, 2 - 1.25, -2 - 0.75, 3]);
});

test('a masked token stays masked, whatever favours it', () => {
  const options = { repetitionPenalty: 0.1, frequencyPenalty: -50, presencePenalty: -50 };
  assert.deepEqual(lawOf([0, MASKED, 1], options, { history: [1, 1] }).ids, [2, 0]);
});

test('a penalty does not make a token impossible', () => {
  const { ids } = lawOf(
    [1e38, 5, -3e38],
    { repetitionPenalty: 1e30, presencePenalty: 1e300 },
    { history: [1, 2] },
  );
  assert.deepEqual(ids.length, 3);
});

test('windows', () => {
  const history = [1, 1, 2, 3];
  const seen = (penaltyLastN) =>
    shifts([0, 0, 0, 0, 0], { frequencyPenalty: 1, penaltyLastN }, { history }).map((v) => Math.round(v) + 0);
  assert.deepEqual(seen(-1), [0, -2, -1, -1, 0]);
  assert.deepEqual(seen(0), [0, 0, 0, 0, 0]);
  assert.deepEqual(seen(1), [0, 0, 0, -1, 0]);
  assert.deepEqual(seen(2), [0, 0, -1, -1, 0]);
  assert.deepEqual(seen(3), [0, -1, -1, -1, 0]);
  assert.deepEqual(seen(4), [0, -2, -1, -1, 0]);
  assert.deepEqual(seen(500), [0, -2, -1, -1, 0]);
});

test('scopes: of all tokens, or of those the model produced', () => {
  const context = { history: [1, 2, 2, 3], outputs: [false, false, true, true] };
  const row = [0, 1, 1, 1, 0];
  const repetition = (repetitionScope) => shifts(row, { repetitionPenalty: 4, repetitionScope }, context);
  nearly(repetition('all'), [0, 0.25, 0.25, 0.25, 0]);
  nearly(repetition('output'), [0, 1, 0.25, 0.25, 0]);
  const frequency = (frequencyScope) => shifts(row, { frequencyPenalty: 0.5, frequencyScope }, context);
  nearly(frequency('all'), [0, 0.5, 0, 0.5, 0]);
  nearly(frequency('output'), [0, 1, 0.5, 0.5, 0]);
});

test('against the oracle: windows, scopes, both regimes', () => {
  const next = random(7);
  for (let i = 0; i < 60; i++) {
    const vocabulary = [20, 300, 2000][i % 3];
    const options = {
      repetitionPenalty: [1, 1.3, 0.8][below(next, 3)],
      frequencyPenalty: [0, 0.4, -0.3][below(next, 3)],
      presencePenalty: [0, 0.7, -0.2][below(next, 3)],
      penaltyLastN: [-1, 0, 1, 20, 64, 1000][below(next, 6)],
      repetitionScope: ['all', 'output'][below(next, 2)],
      frequencyScope: ['all', 'output'][below(next, 2)],
      topK: [0, 15][below(next, 2)],
      temperature: [1, 0.8][below(next, 2)],
    };
    const row = i % 2 ? normal(vocabulary, i, 2) : peaked(vocabulary, i);
    agrees(row, options, story([0, 1, 30, 200][i % 4], vocabulary, i));
  }
});

test('sampled tokens count as output at once', () => {
  const row = Float32Array.of(0, 1, 2, 3);
  const options = { temperature: 0, frequencyPenalty: 0.75, frequencyScope: 'output' };
  const sampler = new Sampler(4, options);
  const tokens = Array.from({ length: 8 }, () => sampler.sample(row));
  const logits = Array.from(row);
  const expected = tokens.map(() => {
    const best = logits.indexOf(Math.max(...logits));
    logits[best] -= 0.75;
    return best;
  });
  assert.deepEqual(tokens, expected);
  assert.deepEqual(Array.from(row), [0, 1, 2, 3], 'the row is never changed');
  sampler.dispose();
});

test('record: false leaves no trace in the counts', () => {
  const sampler = new Sampler(4, { temperature: 0, presencePenalty: 100 });
  const row = Float32Array.of(0, 1, 2, 3);
  for (let i = 0; i < 3; i++) assert.equal(sampler.sample(row, { record: false }), 3);
  assert.equal(sampler.sample(row), 3);
  assert.equal(sampler.sample(row), 2);
  sampler.dispose();
});

test('many distinct tokens: the table of counts grows', () => {
  const vocabulary = 5000;
  const row = normal(vocabulary, 20);
  const history = Array.from({ length: 9000 }, (_, i) => (i * 7919) % vocabulary);
  const sampler = new Sampler(vocabulary, { frequencyPenalty: 0.1, presencePenalty: 0.3, topK: 50 });
  sampler.accept(history, { prompt: true });
  const found = sampler.distribution(row);
  sampler.dispose();
  const shifted = row.map((x, id) => {
    const count = history.filter((t) => t === id).length;
    return count ? Math.fround(x - (count * 0.1 + 0.3)) : x;
  });
  assert.deepEqual(Array.from(found.ids), lawOf(shifted, { topK: 50 }).ids);
});
