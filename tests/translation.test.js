import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromEngine, presets, toEngine } from '../js/engines.js';
import { dense, nearly } from './helpers/engines.js';
import { peaked } from './helpers/rows.js';

test('an engine whose default is not neutral is told so', () => {
  assert.deepEqual(toEngine({}, 'llama.cpp').params, {
    temperature: 1,
    top_k: 0,
    top_p: 1,
    min_p: 0,
    repeat_last_n: -1,
    samplers: toEngine({}, 'llama.cpp').params.samplers,
  });
  assert.deepEqual(toEngine({}, 'transformers').params, { do_sample: true, temperature: 1, top_k: 0 });
  assert.deepEqual(toEngine({}, 'mlx').params, { temp: 1 });
  assert.deepEqual(toEngine({}, 'vllm').params, {});
  assert.deepEqual(toEngine({}, 'openai').params, {});
});

test('settings from a browser, for a vLLM cluster', () => {
  const options = { temperature: 0.7, topK: 40, topP: 0.9, minP: 0.05, logitBias: { 5: -1, 7: -Infinity } };
  const { params, unsupported } = toEngine(options, 'vllm');
  assert.deepEqual(params, {
    temperature: 0.7,
    top_k: 40,
    top_p: 0.9,
    min_p: 0.05,
    logit_bias: { 5: -1 },
  });
  assert.deepEqual(
    unsupported.map(({ name, why }) => `${name}: ${why}`),
    ['logitBias: vLLM takes -100 to 100', 'order: vLLM has minP before topP'],
  );
  assert.deepEqual(toEngine({ temperature: 0.7, topK: 40, topP: 0.9 }, 'vllm').unsupported, []);
  assert.deepEqual(toEngine({ temperature: 0.7, topK: 40, minP: 0.1 }, 'vllm').unsupported, []);
});

test('what cannot be expressed is named', () => {
  const names = (options, engine) => toEngine(options, engine).unsupported.map(({ name }) => name);
  assert.deepEqual(names({ topK: 5, minP: 0.1 }, 'openai'), ['topK', 'minP']);
  assert.deepEqual(names({ temperature: -1 }, 'vllm'), ['temperature']);
  assert.deepEqual(names({ temperature: 3 }, 'openai'), ['temperature']);
  assert.deepEqual(names({ topP: 0.9, temperature: 0.5 }, 'mlx'), ['order']);
  assert.deepEqual(names({ topP: 0.9 }, 'mlx'), []);
  assert.deepEqual(names({ topP: 0.9, minKeep: 3 }, 'mlx'), ['minKeep']);
  assert.deepEqual(names({ minP: 0.1, minKeep: 3 }, 'mlx'), []);
  assert.deepEqual(names({ mirostat: 2, topK: 3 }, 'llama.cpp'), ['topK']);
  assert.deepEqual(names({ frequencyPenalty: 1 }, 'vllm'), ['frequencyScope']);
  assert.deepEqual(names({ frequencyPenalty: 1, frequencyScope: 'output' }, 'vllm'), []);
  assert.deepEqual(names({ frequencyPenalty: 1, penaltyLastN: 0 }, 'vllm'), []);
  assert.deepEqual(names({ repetitionPenalty: 1.1, penaltyLastN: 64 }, 'transformers'), ['penaltyLastN']);
  assert.deepEqual(names({ logitBias: { 1: -Infinity } }, 'transformers.js'), []);
  assert.deepEqual(names({ logitBias: { 1: -1 } }, 'transformers.js'), ['logitBias']);
  assert.deepEqual(names({ topA: 0.1, skew: 1 }, 'llama.cpp').sort(), ['skew', 'topA']);
  assert.deepEqual(names({ seed: 2 ** 32 }, 'llama.cpp'), ['seed']);
});

test('what the same parameters mean otherwise there is named', () => {
  const said = (options, engine) =>
    toEngine(options, engine).unsupported.map(({ name, why }) => `${name}: ${why}`);
  const scopes = { repetitionScope: 'output', frequencyScope: 'output' };
  for (const additive of [{ frequencyPenalty: 0.3 }, { presencePenalty: 0.3 }]) {
    const options = { repetitionPenalty: 1.2, ...additive, ...scopes };
    assert.deepEqual(said(options, 'web-llm'), [
      'repetitionPenalty: WebLLM has it elsewhere among the penalties',
    ]);
    assert.deepEqual(said({ ...options, penaltyLastN: 0 }, 'web-llm'), []);
  }
  assert.deepEqual(said({ repetitionPenalty: 1.2, ...scopes }, 'web-llm'), []);
  assert.deepEqual(said({ repetitionPenalty: 1.2, presencePenalty: 0.3, order: 'web-llm' }, 'web-llm'), []);
  const bare = ['minKeep: not for its top-k and top-n-sigma'];
  assert.deepEqual(said({ topK: 2, minKeep: 5 }, 'llama.cpp'), bare);
  assert.deepEqual(said({ topNSigma: 1, minKeep: 5 }, 'llama.cpp'), bare);
  assert.deepEqual(said({ topK: 40, topNSigma: 1, minKeep: 5 }, 'llama.cpp'), bare);
  assert.deepEqual(said({ topK: 5, minP: 0.1, minKeep: 5 }, 'llama.cpp'), []);
  assert.deepEqual(said({ minP: 0.1, minKeep: 5 }, 'llama.cpp'), []);
  assert.deepEqual(said({ topK: 2, minKeep: 5, order: 'llama.cpp' }, 'llama.cpp'), []);
});

test('a temperature that vLLM would raise is named', () => {
  for (const temperature of [0.005, 1e-6])
    assert.deepEqual(toEngine({ temperature }, 'vllm'), {
      params: {},
      unsupported: [{ name: 'temperature', value: temperature, why: 'vLLM raises it to 0.01' }],
    });
  for (const temperature of [0, 0.01, 2])
    assert.deepEqual(toEngine({ temperature }, 'vllm').params, { temperature });
});

test('greedy stays greedy in llama.cpp, where dynatemp_range moves a temperature of 0', () => {
  const { params, unsupported } = toEngine(
    { temperature: 0, dynatempRange: 0.5, dynatempExponent: 2 },
    'llama.cpp',
  );
  assert.deepEqual(unsupported, []);
  assert.equal(params.temperature, 0);
  assert.equal(params.dynatemp_range, undefined);
  const own = { temperature: 0, dynatempRange: 0.5, order: 'llama.cpp' };
  assert.equal(toEngine(own, 'llama.cpp').params.dynatemp_range, 0.5);
});

test("llama.cpp's DRY breaks at some text whatever it is told", () => {
  const names = (options) => toEngine(options, 'llama.cpp').unsupported.map(({ name }) => name);
  assert.deepEqual(names({ dryMultiplier: 0.8 }), ['drySequenceBreakers']);
  assert.deepEqual(names({ dryMultiplier: 0.8, order: 'llama.cpp' }), ['drySequenceBreakers']);
  assert.deepEqual(names({ dryMultiplier: 0.8, drySequenceBreakers: [[1]] }), ['drySequenceBreakers']);
  assert.deepEqual(names({ dryMultiplier: 0.8, dryLastN: 0 }), []);
  assert.deepEqual(names({}), []);
  const unread = (params) =>
    fromEngine(params, 'llama.cpp').unsupported.map(({ name, value }) => [name, value]);
  assert.deepEqual(unread({ dry_multiplier: 0.8 }), [['dry_sequence_breakers', ['\n', ':', '"', '*']]]);
  assert.deepEqual(unread({ dry_multiplier: 0.8, dry_sequence_breakers: ['.'] }), [
    ['dry_sequence_breakers', ['.']],
  ]);
  assert.deepEqual(unread({ dry_multiplier: 0.8, samplers: ['top_k'] }), []);
  assert.deepEqual(unread({ dry_multiplier: 0.8, dry_penalty_last_n: 0 }), []);
  assert.deepEqual(unread({}), []);
});

test('llama.cpp is told the order', () => {
  const { params, unsupported } = toEngine({ temperature: 0.5, topP: 0.9, minP: 0.1 }, 'llama.cpp');
  assert.deepEqual(unsupported, []);
  const at = (name) => params.samplers.indexOf(name);
  assert.ok(at('temperature') < at('top_p') && at('top_p') < at('min_p'));
  assert.equal(toEngine(presets['llama.cpp'], 'llama.cpp').params.samplers, undefined);
  const { options } = fromEngine(params, 'llama.cpp');
  const row = Array.from(peaked(300, 8));
  const given = { temperature: 0.5, topP: 0.9, minP: 0.1 };
  nearly(dense(row, options), dense(row, given), 'the same law');
});

test('llama.cpp: samplers that are not listed do not act', () => {
  const { options } = fromEngine({ samplers: ['top_k', 'temperature'], top_k: 3 }, 'llama.cpp');
  assert.deepEqual(options, { order: 'llama.cpp', temperature: 0.8, topK: 3 });
  const turned = fromEngine({ samplers: ['temperature', 'top_k'] }, 'llama.cpp').options;
  assert.deepEqual(turned.order, ['mask', 'bias', 'temperature', 'topK', 'draw']);
  const { unsupported } = fromEngine({ samplers: ['top_k', 'top_k', 'infill'] }, 'llama.cpp');
  assert.deepEqual(
    unsupported.map(({ value }) => value),
    ['top_k', 'infill'],
  );
});

test('llama.cpp: values that mean something else there', () => {
  const options = (params) => fromEngine({ samplers: undefined, ...params }, 'llama.cpp').options;
  assert.equal(options({ temperature: -3 }).temperature, 0);
  assert.equal(options({ top_k: -1 }).topK, undefined);
  assert.equal(options({ min_keep: 0 }).minKeep, undefined);
  assert.equal(options({ seed: 4294967295 }).seed, undefined);
  assert.equal(options({ seed: 7 }).seed, 7);
  const bias = [
    [3, 1.5],
    [4, false],
  ];
  assert.deepEqual(
    [...options({ logit_bias: bias }).logitBias],
    [
      [3, 1.5],
      [4, -Infinity],
    ],
  );
  assert.deepEqual(toEngine({ logitBias: { 4: -Infinity, 3: 1.5 } }, 'llama.cpp').params.logit_bias, bias);
});

test('a request body may be given as it is', () => {
  const body = { model: 'x', messages: [], temperature: 0.5, top_p: null, max_tokens: 9, tempreture: 1 };
  const { options, unsupported } = fromEngine(body, 'openai');
  assert.deepEqual(options, { temperature: 0.5 });
  assert.deepEqual(
    unsupported.map(({ name }) => name),
    ['model', 'messages', 'max_tokens', 'tempreture'],
  );
  assert.match(unsupported.at(-1).why, /no such parameter; did you mean temperature\?/);
});

test('transformers.js: what it accepts and ignores is named', () => {
  const { options, unsupported } = fromEngine(
    { do_sample: true, top_p: 0.9, typical_p: 0.5 },
    'transformers.js',
  );
  assert.deepEqual(options, { order: 'transformers.js', topK: 50 });
  assert.deepEqual(
    unsupported.map(({ name, why }) => `${name}: ${why}`),
    ['top_p', 'typical_p'].map((name) => `${name}: transformers.js accepts it and does nothing`),
  );
});

test('MLX: windows, and what it does not heed', () => {
  assert.deepEqual(toEngine({ repetitionPenalty: 1.1, penaltyLastN: 30 }, 'mlx').params, {
    temp: 1,
    repetition_penalty: 1.1,
    repetition_context_size: 30,
  });
  const all = toEngine({ presencePenalty: 1 }, 'mlx').params;
  assert.equal(fromEngine(all, 'mlx').options.penaltyLastN, -1);
  const mixed = { repetition_penalty: 1.1, presence_penalty: 1, presence_context_size: 5 };
  assert.deepEqual(
    fromEngine(mixed, 'mlx').unsupported.map(({ name }) => name),
    ['presence_context_size'],
  );
  const cold = fromEngine({ xtc_probability: 0.5 }, 'mlx');
  assert.equal(cold.options.xtcProbability, undefined);
  assert.match(cold.unsupported[0].why, /at temp 0/);
  const keep = fromEngine({ temp: 1, top_p: 0.5, min_tokens_to_keep: 3 }, 'mlx');
  assert.equal(keep.options.minKeep, undefined);
  assert.deepEqual(
    keep.unsupported.map(({ name }) => name),
    ['min_tokens_to_keep'],
  );
});

test('llama.cpp: mirostat replaces the rest', () => {
  const { options, unsupported } = fromEngine({ mirostat: 2, top_k: 5, temperature: 0.9 }, 'llama.cpp');
  assert.deepEqual(options, { order: 'llama.cpp', temperature: 0.9, mirostat: 2 });
  assert.deepEqual(unsupported, [{ name: 'top_k', value: 5, why: 'llama.cpp ignores it beside mirostat' }]);
  const back = toEngine(options, 'llama.cpp');
  assert.deepEqual(back, { params: { temperature: 0.9, mirostat: 2 }, unsupported: [] });
});

test('adaptive-p is one of its samplers', () => {
  const { params, unsupported } = toEngine({ order: 'llama.cpp', adaptiveTarget: 0.3 }, 'llama.cpp');
  assert.deepEqual(unsupported, []);
  assert.equal(params.samplers.at(-1), 'adaptive_p');
  assert.equal(fromEngine(params, 'llama.cpp').options.adaptiveTarget, 0.3);
  assert.equal(fromEngine({ adaptive_target: 0.3 }, 'llama.cpp').options.adaptiveTarget, undefined);
});

test('what ends a text must be said', () => {
  for (const [engine, name] of [
    ['vllm', 'min_tokens'],
    ['transformers', 'min_new_tokens'],
  ]) {
    const { options, unsupported } = fromEngine({ [name]: 5 }, engine);
    assert.equal(options.minTokens, undefined);
    assert.deepEqual(unsupported, [
      { name, value: 5, why: 'it needs the tokens that end a text: eosTokens' },
    ]);
  }
});

test('bad arguments', () => {
  assert.throws(() => toEngine({}, 'vlm'), { name: 'RangeError', message: /did you mean 'vllm'\?/ });
  assert.throws(() => toEngine({}, 'logitkit'), RangeError);
  assert.throws(() => toEngine({}, 5), TypeError);
  assert.throws(() => toEngine({ topK: -1 }, 'vllm'), { name: 'RangeError', message: /^toEngine: topK/ });
  assert.throws(() => toEngine({ top_k: 1 }, 'vllm'), { name: 'TypeError', message: /did you mean topK\?/ });
  assert.throws(() => fromEngine(null, 'vllm'), TypeError);
  assert.throws(() => fromEngine({ top_k: '5' }, 'vllm'), {
    name: 'TypeError',
    message: /^fromEngine: top_k /,
  });
  assert.throws(() => fromEngine({ top_p: 0 }, 'vllm'), {
    name: 'RangeError',
    message: /^fromEngine: top_p /,
  });
  assert.throws(() => fromEngine({ temperature: 0, do_sample: true }, 'transformers'), RangeError);
  assert.throws(() => fromEngine({ do_sample: 1 }, 'transformers'), TypeError);
});

test('values at the ends that an engine refuses or ignores', () => {
  const one = ({ params, unsupported }) => [Object.keys(params), unsupported.map(({ name }) => name)];
  for (const engine of ['llama.cpp', 'vllm', 'transformers', 'transformers.js', 'mlx', 'web-llm', 'openai']) {
    const [params, names] = one(toEngine({ temperature: Infinity }, engine));
    assert.ok(!params.includes('temperature') && !params.includes('temp'), engine);
    assert.deepEqual(names, ['temperature'], engine);
  }
  for (const options of [{ epsilonCutoff: 1 }, { etaCutoff: 1 }, { typicalP: 0 }]) {
    const { unsupported } = toEngine(options, 'transformers');
    assert.deepEqual(
      unsupported.map(({ name }) => name),
      Object.keys(options),
    );
  }
  // transformers leaves these warpers out.
  const { options } = fromEngine({ do_sample: true, epsilon_cutoff: 1, eta_cutoff: 1 }, 'transformers');
  assert.deepEqual(options, { topK: 50, order: 'transformers' });
  assert.throws(() => fromEngine({ typical_p: 0 }, 'transformers'), /typical_p must be .* got 0/);
});

test("our own names among an engine's parameters are named too", () => {
  for (const [engine, params] of [
    ['transformers', { logitBias: { 3: 1 }, sequenceBias: [] }],
    ['transformers.js', { logitBias: { 3: 1 } }],
    ['mlx', { penaltyLastN: 5 }],
  ]) {
    const { unsupported } = fromEngine(params, engine);
    assert.deepEqual(
      unsupported.map(({ name }) => name),
      Object.keys(params),
    );
  }
});
