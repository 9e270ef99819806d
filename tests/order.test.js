import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { below, random } from './helpers/random.js';
import { normal, peaked } from './helpers/rows.js';
import { story } from './helpers/story.js';
import { anyOrder, shapes, truncations } from './helpers/truncations.js';
import { ORDERS } from './oracle/chain.js';

const OPTIONS = {
  temperature: 0.5,
  topK: 30,
  topP: 0.8,
  minP: 0.02,
  repetitionPenalty: 1.2,
  presencePenalty: 0.4,
  logitBias: { 7: 1.5, 11: -2 },
};
const CONTEXT = { history: [1, 7, 7, 42, 99], outputs: [false, false, true, true, true] };

test("'logitkit' is the default", () => {
  const row = peaked(300, 1);
  assert.deepEqual(lawOf(row, OPTIONS, CONTEXT), lawOf(row, { ...OPTIONS, order: 'logitkit' }, CONTEXT));
});

test('a name and its list of stages give the same', () => {
  const row = peaked(300, 2);
  const order = [...ORDERS.logitkit, 'draw'];
  assert.deepEqual(lawOf(row, { ...OPTIONS, order }, CONTEXT), lawOf(row, OPTIONS, CONTEXT));
});

test('the order decides: top-p before and after temperature', () => {
  // Probabilities 0.6, 0.3, 0.1; at T = 0.5 they are 0.783, 0.196, 0.022.
  const row = Float32Array.from([0.6, 0.3, 0.1], Math.log);
  const kept = (...order) => lawOf(row, { topP: 0.7, temperature: 0.5, order: [...order, 'draw'] }).ids;
  assert.deepEqual(kept('temperature', 'topP'), [0]);
  assert.deepEqual(kept('topP', 'temperature'), [0, 1]);
  assert.deepEqual(lawOf(row, { topP: 0.7, temperature: 0.5 }).ids, [0]);
  assert.deepEqual(lawOf(row, { topP: 0.7, temperature: 0.5, order: 'llama.cpp' }).ids, [0, 1]);
});

test('the order decides: penalties before and after top-k', () => {
  const row = Float32Array.of(3, 2, 1, 0);
  const kept = (...order) =>
    lawOf(row, { topK: 2, presencePenalty: 5, order: [...order, 'draw'] }, { history: [0] }).ids;
  assert.deepEqual(kept('penalties', 'topK'), [1, 2]);
  assert.deepEqual(kept('topK', 'penalties'), [1, 0]);
});

test('each stage sees the survivors of the one before, renormalised', () => {
  // 0.4, 0.3, 0.2, 0.1: of the best two, the first holds 4/7.
  const row = Float32Array.from([0.4, 0.3, 0.2, 0.1], Math.log);
  const kept = (...order) => lawOf(row, { topK: 2, topP: 0.5, order: [...order, 'draw'] }).ids;
  assert.deepEqual(kept('topK', 'topP'), [0]);
  assert.deepEqual(kept('topP', 'topK'), [0, 1]);
});

test('any order, against the oracle', (t) => {
  const next = random(3);
  const tally = new Tally();
  for (let i = 0; i < 200; i++) {
    const order = anyOrder(ORDERS.logitkit, next);
    // What a bias or a penalty means for a logit that was already inverted is defined by nobody.
    const last = Math.max(...['bias', 'penalties', 'dry'].map((name) => order.indexOf(name)));
    const inverted = order.indexOf('temperature') > last ? -1 : 0.9;
    const options = {
      temperature: [0.5, 1.7, inverted][below(next, 3)],
      topK: [0, 30, 1200][below(next, 3)],
      topP: [1, 0.8][below(next, 2)],
      minP: [0, 0.02][below(next, 2)],
      minKeep: [1, 4][below(next, 2)],
      repetitionPenalty: [1, 1.2][below(next, 2)],
      presencePenalty: 0.4,
      dryMultiplier: [0, 0.8][below(next, 2)],
      logitBias: i % 2 ? OPTIONS.logitBias : {},
      ...truncations(next),
      order: [...order, 'draw'],
    };
    Object.assign(options, shapes(next, options));
    const mask = i % 3 ? null : Int32Array.from({ length: 50 }, () => 0x7fffffff - i * 4096);
    agrees(i % 2 ? normal(1600, i, 2) : peaked(1600, i), options, { ...CONTEXT, mask }, tally);
  }
  tally.print(t);
});

test("'llama.cpp' against the oracle", () => {
  for (const row of [peaked(1500, 4), normal(1500, 5)]) {
    agrees(row, { ...OPTIONS, order: 'llama.cpp' }, CONTEXT);
    agrees(row, { ...OPTIONS, topK: 0, order: 'llama.cpp' }, CONTEXT);
  }
});

test("'llama.cpp': any of its samplers together, against the oracle", (t) => {
  const next = random(5);
  const tally = new Tally();
  const pick = (...values) => values[below(next, values.length)];
  for (let i = 0; i < 250; i++) {
    const n = pick(5, 300, 1500);
    const options = {
      repetitionPenalty: pick(1, 1.2, 0.8),
      frequencyPenalty: pick(0, 0.3),
      penaltyLastN: pick(-1, 0, 20),
      dryMultiplier: pick(0, 0.9),
      drySequenceBreakers: pick([], [[2], [1, 3]]),
      topNSigma: pick(0, 0, 0.8, 2),
      topK: pick(0, 0, 10, 40, 1100),
      typicalP: pick(1, 1, 0.6, 0.95),
      topP: pick(1, 1, 0.9, 0.5),
      minP: pick(0, 0, 0.05),
      xtcProbability: pick(0, 0, 0.5, 1),
      xtcThreshold: pick(0.1, 0.02),
      minKeep: pick(1, 1, 4),
      temperature: pick(1, 0.7, 1.5, 0, -1),
      dynatempRange: pick(0, 0, 0.5, 2),
      logitBias: pick({}, { 0: 2, 3: Number.NEGATIVE_INFINITY }),
      order: 'llama.cpp',
    };
    agrees(pick(peaked, normal)(n, i), options, story(pick(0, 10, 80), Math.min(n, 9), i), tally);
  }
  tally.print(t);
});

test('a stage without an active option may be missing, and order may change later', () => {
  const sampler = new Sampler(3, { temperature: 0.5, order: ['temperature', 'draw'] });
  const row = Float32Array.of(1, 2, 3);
  const short = Array.from(sampler.distribution(row).probs);
  assert.deepEqual(short, lawOf(row, { temperature: 0.5 }).probs);
  sampler.configure({ order: ['topK', 'temperature', 'draw'], topK: 1 });
  assert.deepEqual(Array.from(sampler.distribution(row).ids), [2]);
  sampler.dispose();
});
