import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENGINES, fromEngine, presets, toEngine } from '../js/engines.js';
import { OPTIONS, Sampler } from '../js/index.js';
import { clean, dense, nearly, PUBLISHED, pick, TOKENS } from './helpers/engines.js';
import { below, random } from './helpers/random.js';
import { normal, peaked } from './helpers/rows.js';

const NAMES = Object.keys(ENGINES);
const TRANSLATED = NAMES.filter((name) => ENGINES[name].toEngine);
const ORDERS = NAMES.filter((name) => ENGINES[name].order);

test('the table says what there is', () => {
  assert.deepEqual(NAMES, [
    'logitkit',
    'llama.cpp',
    'vllm',
    'transformers',
    'transformers.js',
    'mlx',
    'web-llm',
    'openai',
  ]);
  assert.deepEqual(
    ORDERS,
    NAMES.filter((name) => name !== 'openai'),
  );
  assert.deepEqual(
    TRANSLATED,
    NAMES.filter((name) => name !== 'logitkit'),
  );
  for (const name of NAMES) {
    const { title, presets: has } = ENGINES[name];
    assert.ok(title.length > 2, name);
    assert.equal(has, Object.hasOwn(presets, name));
    assert.ok(Object.isFrozen(ENGINES[name]) && Object.isFrozen(presets[name]));
    if (!ENGINES[name].order) assert.throws(() => new Sampler(8, { order: name }), RangeError);
  }
});

test('every preset makes a Sampler, and is what the engine does when it is told nothing', () => {
  for (const name of NAMES) {
    const sampler = new Sampler(64, presets[name]);
    sampler.sample(normal(64, 3));
    sampler.dispose();
    for (const [option, value] of Object.entries(presets[name])) {
      if (option !== 'order') assert.notEqual(value, OPTIONS[option].neutral, `${name}: ${option}`);
    }
    if (!ENGINES[name].fromEngine) continue;
    assert.deepEqual(fromEngine({}, name), { options: presets[name], unsupported: [] }, name);
    assert.deepEqual(toEngine(presets[name], name).unsupported, [], name);
  }
});

for (const [engine, { rule, params: draw }] of Object.entries(PUBLISHED)) {
  test(`${engine}: its rule as published (transcribed: it does not run here)`, () => {
    const next = random(engine.length);
    for (let i = 0; i < 150; i++) {
      const n = [40, 300][i % 2];
      const row = Array.from(i % 3 ? normal(n, 1000 + i, 2) : peaked(n, 1000 + i));
      const params = clean(draw(next, n));
      const mask = i % 4 ? null : Int32Array.from({ length: 9 }, () => below(next, 2 ** 31));
      const context = {
        prompt: TOKENS(next, n, i % 7),
        output: TOKENS(next, n, (i % 5) * 6),
        mask: mask?.subarray(0, (n + 31) >>> 5) ?? null,
      };
      const { options, unsupported } = fromEngine(params, engine);
      assert.deepEqual(unsupported, []);
      nearly(dense(row, options, context), rule(row, params, context), `${i}: ${JSON.stringify(params)}`);
    }
  });

  test(`${engine}: there and back`, () => {
    const next = random(99);
    for (let i = 0; i < 100; i++) {
      const { options } = fromEngine(clean(draw(next, 300)), engine);
      const { params, unsupported } = toEngine(options, engine);
      assert.deepEqual(unsupported, [], JSON.stringify(options));
      const again = fromEngine(params, engine);
      assert.deepEqual(again.unsupported, []);
      const settings = (o) => {
        const sampler = new Sampler(300, { seed: 1, ...o });
        sampler.dispose();
        return sampler.options;
      };
      assert.deepEqual(settings(again.options), settings(options), JSON.stringify(params));
    }
  });
}

test('whatever is not named has the same law in the engine', (t) => {
  const next = random(17);
  for (const [engine, { rule }] of Object.entries(PUBLISHED)) {
    let same = 0;
    for (let i = 0; i < 250; i++) {
      const options = clean({
        order: pick(next, undefined, undefined, 'llama.cpp', 'mlx', [
          'topK',
          'minP',
          'penalties',
          'temperature',
          'topP',
        ]),
        temperature: pick(next, undefined, 0.6, 1.4, 0),
        topK: pick(next, undefined, undefined, 12),
        topP: pick(next, undefined, undefined, 0.8),
        minP: pick(next, undefined, undefined, 0.03),
        repetitionPenalty: pick(next, undefined, undefined, 1.2),
        presencePenalty: pick(next, undefined, undefined, 0.5),
      });
      const { params, unsupported } = toEngine(options, engine);
      if (unsupported.length > 0) continue;
      same++;
      const row = Array.from(normal(200, 5000 + i, 2));
      const context = { prompt: TOKENS(next, 200, 6), output: TOKENS(next, 200, 6), mask: null };
      nearly(
        dense(row, options, context),
        rule(row, params, context),
        `${engine} ${JSON.stringify(options)}`,
      );
    }
    t.diagnostic(`${engine}: ${same} of 250`);
    assert.ok(same > 15, `${engine}: ${same}`);
  }
});
