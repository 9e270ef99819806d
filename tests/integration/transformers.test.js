/** A real client: transformers.js runs an ONNX model, and the packed logitkit picks every token it generates. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { env, LogitsProcessorList, pipeline } from '@huggingface/transformers';
import { Client, loading, offline, requests } from './client.js';
import { EOS, writeModel } from './model.js';
import { importPacked } from './packed.js';
import { PickToken } from './processor.js';

const PROMPT = 'Logits';
const POISON = 300;
const SMALL = { vocab: 512, width: 16, seed: 1 };
const LARGE = { vocab: 151936, width: 8, seed: 2 };

/** Chains the tests play twice: once inside generate(), once by hand on the rows generate() showed. */
const CHAINS = {
  'the usual filters': { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 42 },
  'the whole row': { temperature: 1, seed: 7 },
  'min-p at a high temperature': { temperature: 1.5, minP: 0.02, seed: 2n ** 63n + 1n },
  'penalties, prompt included': {
    temperature: 0.9,
    topP: 0.9,
    repetitionPenalty: 1.2,
    frequencyPenalty: 0.3,
    presencePenalty: 0.2,
    penaltyLastN: 16,
    seed: 3,
  },
};

const folder = mkdtempSync(join(tmpdir(), 'logitkit-integration-'));
/** @type {any} */
let logitkit;
/** @type {Client} */
let small;
/** @type {Client} */
let half;
/** @type {Client} */
let poisoned;
/** @type {Client} */
let large;

before(async () => {
  const models = join(folder, 'models');
  mkdirSync(join(folder, 'package'));
  offline(models);
  const packed = await importPacked(join(folder, 'package'));
  assert.ok(packed.path.startsWith(join(folder, 'package')), `imported ${packed.path}, not the packed copy`);
  logitkit = packed.logitkit;
  small = await Client.load(writeModel(models, 'small', SMALL));
  half = await Client.load(writeModel(models, 'half', { ...SMALL, float16: true }));
  poisoned = await Client.load(writeModel(models, 'poisoned', { ...SMALL, poison: POISON }));
  large = await Client.load(writeModel(models, 'large', LARGE));
});

after(() => rmSync(folder, { recursive: true, force: true }));

/** Exactly n tokens: until then transformers.js itself masks the end token with -Infinity. */
const exactly = (/** @type {number} */ n) => ({ min_new_tokens: n, max_new_tokens: n });

const sampler = (/** @type {Client} */ client, /** @type {object} */ options) =>
  new logitkit.Sampler(client.model.vocab, options);

/**
 * A fresh Sampler called directly on the rows a generation showed.
 * @param {Client} client @param {object} options @param {bigint[]} prompt @param {Float32Array[]} rows
 */
function replay(client, options, prompt, rows) {
  const direct = sampler(client, options);
  direct.accept(prompt, { prompt: true });
  return rows.map((row) => direct.sample(row));
}

/**
 * Follows the largest logit of the weights, multiplied out in float64, with neither library.
 * @param {Client} client @param {bigint[]} prompt @param {number} n
 */
function greedyWalk({ model }, prompt, n) {
  let token = Number(prompt.at(-1));
  return Array.from({ length: n }, () => {
    const row = model.logitsAfter(token);
    row[EOS] = -Infinity;
    token = row.reduce((best, x, id) => (x > row[best] ? id : best), 0);
    return token;
  });
}

/** @param {Client} client @param {number} n */
async function chainsAgree(client, n) {
  const greedy = await client.alone(PROMPT, { ...exactly(n), do_sample: false });
  for (const [name, options] of Object.entries(CHAINS)) {
    const { prompts, tokens, picker } = await client.pick(PROMPT, [sampler(client, options)], exactly(n));
    assert.equal(tokens[0].length, n, name);
    assert.deepEqual(tokens[0], replay(client, options, prompts[0], picker.rows[0]), name);
    assert.notDeepEqual(tokens[0], greedy.tokens, `${name}: nothing was drawn`);
    assert.equal(picker.changed, 0, `${name}: sample() changed a row`);
    for (const row of picker.rows[0])
      assert.equal(row[EOS], -Infinity, 'the end token was not masked by the host');
  }
}

/** @param {Client} client @param {number} n */
async function seedsDecide(client, n) {
  const run = async (/** @type {number} */ seed) => {
    const { tokens } = await client.pick(
      PROMPT,
      [sampler(client, { temperature: 1, minP: 0.01, seed })],
      exactly(n),
    );
    return tokens[0];
  };
  const first = await run(11);
  assert.deepEqual(await run(11), first);
  assert.notDeepEqual(await run(12), first);
}

/** @param {Client} client @param {number} n */
async function tinyTopPIsGreedy(client, n) {
  const settings = exactly(n);
  const greedy = await client.alone(PROMPT, { ...settings, do_sample: false });
  const tiny = sampler(client, { temperature: 0.8, topP: 1e-6, seed: 5 });
  const { prompts, tokens, texts } = await client.pick(PROMPT, [tiny], settings);
  assert.equal(texts[0], greedy.text);
  assert.deepEqual(tokens[0], greedyWalk(client, prompts[0], n));

  // What users meet without logitkit: transformers.js draws as if top_p had not been given.
  const drawn = await client.alone(PROMPT, { ...settings, do_sample: true, temperature: 0.8, top_k: 0 });
  const ignored = await client.alone(PROMPT, {
    ...settings,
    do_sample: true,
    temperature: 0.8,
    top_k: 0,
    top_p: 1e-6,
  });
  assert.equal(ignored.text, drawn.text);
  assert.notEqual(ignored.text, greedy.text);
}

test('512 tokens: generate() gives the tokens of a direct call', () => chainsAgree(small, 48));
test('512 tokens: a seed repeats, another differs', () => seedsDecide(small, 32));
test('512 tokens: topP 1e-6 is greedy, and alone is ignored', () => tinyTopPIsGreedy(small, 32));
test('151,936 tokens: generate() gives the tokens of a direct call', () => chainsAgree(large, 24));
test('151,936 tokens: a seed repeats, another differs', () => seedsDecide(large, 12));
test('151,936 tokens: topP 1e-6 is greedy, and alone is ignored', () => tinyTopPIsGreedy(large, 8));

test('temperature 0 repeats the host, with and without its repetition penalty', async () => {
  const texts = [];
  for (const penalty of [1, 1.3]) {
    const host = await small.alone(PROMPT, { ...exactly(48), do_sample: false, repetition_penalty: penalty });
    const options = { temperature: 0, repetitionPenalty: penalty };
    const ours = await small.pick(PROMPT, [sampler(small, options)], exactly(48));
    assert.deepEqual(ours.tokens[0], host.tokens);
    texts.push(host.text);
  }
  assert.notEqual(texts[0], texts[1], 'the penalty changed nothing: the comparison shows nothing');
});

test("the rows are the model's, float32, also when it gives float16", async () => {
  for (const client of [small, half]) {
    const { vocab } = client.model;
    const options = CHAINS['the usual filters'];
    const { prompts, tokens, picker } = await client.pick(PROMPT, [sampler(client, options)], exactly(12));
    assert.deepEqual(tokens[0], replay(client, options, prompts[0], picker.rows[0]));
    const seen = { type: 'float32', dims: [1, vocab], location: 'cpu', array: 'Float32Array', length: vocab };
    for (const tensor of picker.tensors) assert.deepEqual(tensor, seen);

    // float16 rounds to 11 bits; below 2^-14 it has a fixed step of 2^-24.
    const [relative, absolute] = client === half ? [2 ** -11, 2 ** -24] : [2 ** -22, 2 ** -20];
    let previous = Number(prompts[0].at(-1));
    picker.rows[0].forEach((row, step) => {
      const expected = client.model.logitsAfter(previous);
      expected.forEach((x, id) => {
        const error = Math.abs(row[id] - x);
        assert.ok(
          id === EOS || error <= relative * Math.abs(x) + absolute,
          `step ${step}, token ${id}: ${row[id]}, ${x}`,
        );
      });
      previous = tokens[0][step];
    });
    const lowBits = new Uint32Array(picker.rows[0][0].buffer).filter((bits) => (bits & 0x1fff) !== 0).length;
    assert.equal(lowBits === 0, client === half, `${lowBits} logits have more bits than float16`);
  }
});

test('a batch: each sequence has its own sampler', async () => {
  const options = [CHAINS['the usual filters'], { ...CHAINS['penalties, prompt included'], seed: 99 }];
  const samplers = options.map((o) => sampler(small, o));
  const { prompts, tokens, picker } = await small.pick(['Logits', 'tokens'], samplers, exactly(24));
  tokens.forEach((row, b) => {
    assert.deepEqual(row, replay(small, options[b], prompts[b], picker.rows[b]));
    assert.deepEqual(row, Array.from(samplers[b].history).slice(-24));
    assert.equal(samplers[b].position, 24);
  });
  assert.notDeepEqual(tokens[0], tokens[1]);
});

test('the text-generation pipeline takes the same processor', async () => {
  const options = CHAINS['the usual filters'];
  const direct = await small.pick(PROMPT, [sampler(small, options)], exactly(16));
  const generator = await pipeline('text-generation', 'small', loading('fp32'));
  const logits_processor = new LogitsProcessorList();
  logits_processor.push(new PickToken([sampler(small, options)]));
  const settings = { ...exactly(16), do_sample: false, logits_processor };
  const [output] = /** @type {any} */ (await generator(PROMPT, settings));
  assert.equal(output.generated_text, direct.texts[0]);
});

test('an end token picked by logitkit ends the generation', async () => {
  const ending = sampler(small, { temperature: 1, logitBias: { [EOS]: 1000 }, seed: 1 });
  const { tokens } = await small.pick(PROMPT, [ending], { max_new_tokens: 16 });
  assert.deepEqual(tokens[0], [EOS]);
});

test('NaN from the model throws out of generate() and changes nothing', async () => {
  const options = { temperature: 1, logitBias: { [POISON]: 1000 }, seed: 1 };
  const unlucky = sampler(poisoned, options);
  // The first token is the poison, so the second row is NaN throughout.
  await assert.rejects(
    poisoned.pick(PROMPT, [unlucky], { max_new_tokens: 16 }),
    (/** @type {any} */ error) => {
      assert.ok(error instanceof logitkit.LogitsError, String(error));
      assert.deepEqual([error.code, error.index, error.count], ['nan', 0, SMALL.vocab]);
      return true;
    },
  );
  assert.equal(unlucky.position, 1);
  assert.deepEqual(Array.from(unlucky.history).slice(-1), [POISON]);

  unlucky.reset();
  unlucky.configure({ logitBias: { [POISON]: -Infinity } });
  const again = await poisoned.pick(PROMPT, [unlucky], exactly(8));
  const fresh = { ...options, logitBias: { [POISON]: -Infinity } };
  assert.deepEqual(again.tokens[0], replay(poisoned, fresh, again.prompts[0], again.picker.rows[0]));
});

test('a mask that leaves nothing, and a row of another length, throw out of generate()', async () => {
  const masked = sampler(small, { temperature: 1, seed: 1 });
  masked.mask = new Int32Array(SMALL.vocab / 32);
  const nothingLeft = (/** @type {any} */ error) =>
    error instanceof logitkit.LogitsError && error.code === 'masked';
  await assert.rejects(small.pick(PROMPT, [masked], exactly(4)), nothingLeft);
  assert.equal(masked.position, 0);

  const other = new logitkit.Sampler(SMALL.vocab + 1, { seed: 1 });
  await assert.rejects(small.pick(PROMPT, [other], exactly(4)), RangeError);
  assert.equal(other.position, 0);
});

test('151,936 tokens: what picking costs', async (t) => {
  const n = 24;
  const options = CHAINS['the usual filters'];
  await large.pick(PROMPT, [sampler(large, options)], exactly(n));
  const greedy = await large.alone(PROMPT, { ...exactly(n), do_sample: false });
  const drawn = await large.alone(PROMPT, { ...exactly(n), do_sample: true, top_k: 0, temperature: 0.8 });
  const ours = await large.pick(PROMPT, [sampler(large, options)], exactly(n));
  assert.equal(ours.tokens[0].length, n);
  const each = (/** @type {number} */ ms) => `${(ms / n).toFixed(3)} ms/token`;
  t.diagnostic(`transformers.js ${env.version}, greedy: ${each(greedy.milliseconds)}`);
  t.diagnostic(`transformers.js, drawing from all tokens: ${each(drawn.milliseconds)}`);
  t.diagnostic(
    `logitkit picking: ${each(ours.milliseconds)}, of which sample(): ${each(ours.picker.milliseconds)}`,
  );
});

test('no request was made', () => assert.deepEqual(requests, []));
