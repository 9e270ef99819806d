import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENGINES } from '../js/engines.js';
import { Sampler } from '../js/index.js';
import { dense, kept, logs } from './helpers/engines.js';

const ORDERS = Object.keys(ENGINES).filter((name) => ENGINES[name].order);

const TIES = [2, 1, 1, 1, 0];

test('top-k: what equals the k-th stays with vLLM and transformers', () => {
  const ids = (order) => kept(dense(TIES, { order, topK: 2 }));
  assert.deepEqual(ids('logitkit'), [0, 1]);
  assert.deepEqual(ids('vllm'), [0, 1, 2, 3]);
  assert.deepEqual(ids('transformers'), [0, 1, 2, 3]);
  assert.deepEqual(ids('transformers.js'), [0, 1]);
  assert.deepEqual(ids('mlx'), [0, 1]);
  const typical = (order) => kept(dense([5, 1, 1, 1, 1], { order, typicalP: 0.1 }));
  assert.deepEqual(typical('logitkit'), [0]);
  const flat = (order) => kept(dense([3, 3, 3, 3, 3, -9], { order, typicalP: 0.3 }));
  assert.deepEqual(flat('logitkit'), [0, 1]);
  assert.deepEqual(flat('transformers'), [0, 1, 2, 3, 4]);
  assert.deepEqual(kept(dense(Array(2000).fill(1), { order: 'vllm', topK: 1500 })).length, 2000);
});

test('penalties: what they count', () => {
  const context = { prompt: [0, 0], output: [1] };
  const shifts = (order, options) => {
    const law = dense([1, 1, 1], { order, ...options }, context);
    return law.map((p) => Math.round(1000 * Math.log(p / law[2])) / 1000 + 0);
  };
  assert.deepEqual(shifts('logitkit', { frequencyPenalty: 0.5 }), [-1, -0.5, 0]);
  assert.deepEqual(shifts('llama.cpp', { frequencyPenalty: 0.5 }), [-1, -0.5, 0]);
  assert.deepEqual(shifts('mlx', { frequencyPenalty: 0.5 }), [-1, -0.5, 0]);
  assert.deepEqual(shifts('vllm', { frequencyPenalty: 0.5 }), [0, -0.5, 0]);
  assert.deepEqual(shifts('web-llm', { frequencyPenalty: 0.5 }), [0, -0.5, 0]);
  assert.deepEqual(shifts('vllm', { repetitionPenalty: 2 }), [-0.5, -0.5, 0]);
  assert.deepEqual(shifts('web-llm', { repetitionPenalty: 2 }), [0, -0.5, 0]);
  assert.deepEqual(shifts('logitkit', { frequencyPenalty: 0.5, frequencyScope: 'output' }), [0, -0.5, 0]);
  for (const [order, scope] of [
    ['vllm', 'all'],
    ['web-llm', 'all'],
    ['mlx', 'output'],
    ['llama.cpp', 'output'],
  ]) {
    assert.throws(() => new Sampler(8, { order, frequencyScope: scope }), {
      name: 'RangeError',
      message: new RegExp(`frequencyScope must be '.*' with order "${order}", got "${scope}"`),
    });
  }
});

test('penalties: WebLLM subtracts first, and the repetition penalty sees the new sign', () => {
  // 1 - 2 = -1, doubled: -2. Elsewhere 1 / 2 - 2 = -1.5.
  const shift = (order) => {
    const law = dense([1, 0], { order, repetitionPenalty: 2, presencePenalty: 2 }, { output: [0] });
    return Math.log(law[0] / law[1]);
  };
  assert.ok(Math.abs(shift('web-llm') + 2) < 1e-6);
  assert.ok(Math.abs(shift('vllm') + 1.5) < 1e-6);
  assert.ok(Math.abs(shift('logitkit') + 1.5) < 1e-6);
});

test('the order: top-p on tempered probabilities or on the raw ones', () => {
  // 0.6, 0.3, 0.1; at T = 0.5 0.783, 0.196, 0.022.
  const ids = (order) => kept(dense(logs(0.6, 0.3, 0.1), { order, topP: 0.7, temperature: 0.5 }));
  for (const order of ['logitkit', 'vllm', 'transformers', 'web-llm'])
    assert.deepEqual(ids(order), [0], order);
  for (const order of ['llama.cpp', 'mlx']) assert.deepEqual(ids(order), [0, 1], order);
});

test('the order: vLLM has min-p before top-p, logitkit and transformers after', () => {
  // Without the last three, 0.4 is 0.53 of what is left.
  const row = logs(0.4, 0.35, 0.09, 0.08, 0.08);
  const ids = (order) => kept(dense(row, { order, minP: 0.5, topP: 0.5 }));
  assert.deepEqual(ids('vllm'), [0]);
  assert.deepEqual(ids('logitkit'), [0, 1]);
  assert.deepEqual(ids('transformers'), [0, 1]);
});

test('the order: MLX has top-k after top-p, llama.cpp before', () => {
  const row = logs(0.4, 0.3, 0.2, 0.1);
  const ids = (order) => kept(dense(row, { order, topK: 2, topP: 0.5 }));
  assert.deepEqual(ids('llama.cpp'), [0]);
  assert.deepEqual(ids('mlx'), [0, 1]);
});

test('temperature 0: greedy, and with WebLLM a draw among the maxima', () => {
  const row = [1, 3, 3, 2];
  for (const order of ORDERS) {
    const law = dense(row, { order, temperature: 0 });
    assert.deepEqual(law, order === 'web-llm' ? [0, 0.5, 0.5, 0] : [0, 1, 0, 0], order);
  }
  assert.deepEqual(dense(row, { order: 'web-llm', temperature: 1e-5 }), [0, 0.5, 0.5, 0]);
  assert.deepEqual(dense(row, { order: 'web-llm', temperature: 0, topP: 0.5 }), [0, 1, 0, 0]);
  const sampler = new Sampler(4, { order: 'web-llm', temperature: 0, seed: 5 });
  const seen = new Set(Array.from({ length: 40 }, () => sampler.sample(Float32Array.from(row))));
  assert.deepEqual([...seen].sort(), [1, 2]);
  sampler.dispose();
});

test('temperature below 0: inverted, greedy, or refused', () => {
  const row = logs(0.6, 0.3, 0.1);
  assert.ok(dense(row, { temperature: -1 })[2] > 0.5);
  assert.deepEqual(dense(row, { order: 'llama.cpp', temperature: -1 }), [1, 0, 0]);
  for (const order of ['vllm', 'transformers', 'transformers.js', 'mlx', 'web-llm']) {
    assert.throws(() => new Sampler(3, { order, temperature: -1 }), {
      name: 'RangeError',
      message: new RegExp(`temperature must be .* with order "${order}", got -1`),
    });
  }
});

test('XTC: with MLX what equals the last of the top choices stays', () => {
  const law = (order, row) => kept(dense(row, { order, xtcProbability: 1, xtcThreshold: 0.25 }));
  assert.deepEqual(law('logitkit', [1, 1, -5]), [1, 2]);
  assert.deepEqual(law('llama.cpp', [1, 1, -5]), [1, 2]);
  assert.deepEqual(law('mlx', [1, 1, -5]), [0, 1, 2]);
  assert.throws(() => new Sampler(8, { order: 'mlx', xtcProbability: 0.5, temperature: 0 }), {
    name: 'RangeError',
    message: /xtcProbability = 0\.5 does not go with temperature = 0 with order "mlx"/,
  });
});

const REFUSED = [
  [
    'vllm',
    { temperature: 0.005 },
    /temperature must be 0 or in \[0\.01, Infinity\].*got 0\.005: vLLM raises/,
  ],
  ['vllm', { temperature: Infinity }, /temperature .*got Infinity/],
  ['vllm', { topP: 0 }, /topP .*got 0: vLLM refuses/],
  [
    'vllm',
    { logitBias: { 3: -Infinity } },
    /logitBias must be in \[-100, 100\] .*got -Infinity: vLLM clamps/,
  ],
  ['vllm', { minKeep: 2 }, /minKeep = 2 .*"vllm"/],
  ['vllm', { penaltyLastN: 5 }, /penaltyLastN = 5 .*"vllm"/],
  ['vllm', { topA: 0.2 }, /topA = 0\.2 needs the stage 'topA', which is not in order "vllm"/],
  ['transformers', { presencePenalty: 1 }, /presencePenalty = 1 .*"transformers"/],
  ['transformers', { topNSigma: 1 }, /topNSigma = 1 .*"transformers"/],
  [
    'transformers',
    { epsilonCutoff: 1 },
    /epsilonCutoff must be .*"transformers", got 1: transformers ignores it/,
  ],
  ['transformers', { etaCutoff: 1 }, /etaCutoff must be .*"transformers", got 1: transformers ignores it/],
  ['transformers', { typicalP: 0 }, /typicalP must be .*"transformers", got 0: transformers refuses it/],
  ['transformers.js', { topP: 0.9 }, /topP = 0\.9 .*"transformers\.js"/],
  ['transformers.js', { frequencyPenalty: 1 }, /frequencyPenalty = 1 .*"transformers\.js"/],
  ['mlx', { topP: 0 }, /topP .*got 0: MLX switches it off/],
  ['mlx', { minKeep: 2, topP: 0.5 }, /minKeep = 2 does not go with topP = 0\.5 with order "mlx"/],
  ['mlx', { typicalP: 0.5 }, /typicalP = 0\.5 .*"mlx"/],
  ['mlx', { topK: 8 }, /topK must be below vocabSize = 8 with order "mlx", got 8/],
  ['web-llm', { topK: 4 }, /topK = 4 .*"web-llm"/],
  ['vllm', { presencePenalty: -2.5 }, /presencePenalty must be in \[-2, 2\].*"vllm"/],
  ['web-llm', { frequencyPenalty: 2.5 }, /frequencyPenalty must be in \[-2, 2\].*"web-llm"/],
  ['llama.cpp', { topA: 0.2 }, /topA = 0\.2 .*"llama\.cpp"/],
];

test('what an engine has not, refuses or ignores is a RangeError that names both', () => {
  for (const [order, options, message] of REFUSED) {
    const label = `${order} ${JSON.stringify(options)}`;
    assert.throws(() => new Sampler(8, { order, ...options }), { name: 'RangeError', message }, label);
    const sampler = new Sampler(8, { order });
    const before = sampler.options;
    assert.throws(() => sampler.configure(options), { name: 'RangeError', message }, label);
    assert.equal(sampler.options, before);
    sampler.dispose();
  }
});

test('neutral and harmless values pass everywhere', () => {
  for (const order of ORDERS) {
    const options = { order, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, minKeep: 1, penaltyLastN: 0 };
    new Sampler(8, options).dispose();
    new Sampler(8, { ...new Sampler(8, options).options }).dispose();
  }
});
