/** logitkit/transformers, packed, in the generate() of transformers.js: every kind of call a user makes. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LogitsProcessorList, pipeline } from '@huggingface/transformers';
import { Client, loading, offline, requests } from './client.js';
import { EOS, writeModel } from './model.js';
import { importPacked } from './packed.js';

const PROMPT = 'Logits';
const CHAIN = { temperature: 0.8, topK: 40, topP: 0.95, repetitionPenalty: 1.1, seed: 42 };
const SMALL = { vocab: 512, width: 16, seed: 1 };
const POISON = 300;

const folder = mkdtempSync(join(tmpdir(), 'logitkit-adapter-'));
/** @type {any} */
let logitkit;
/** @type {(options?: object) => any} */
let logitsProcessor;
/** @type {Record<string, Client>} */
const clients = {};

before(async () => {
  const models = join(folder, 'models');
  mkdirSync(join(folder, 'package'));
  offline(models);
  const packed = await importPacked(join(folder, 'package'));
  logitkit = packed.logitkit;
  ({ logitsProcessor } = await packed.entry('transformers'));
  clients.fp32 = await Client.load(writeModel(models, 'fp32', SMALL));
  clients.fp16 = await Client.load(writeModel(models, 'fp16', { ...SMALL, float16: true }));
  clients.poisoned = await Client.load(writeModel(models, 'poisoned', { ...SMALL, poison: POISON }));
});

after(() => rmSync(folder, { recursive: true, force: true }));

const exactly = (/** @type {number} */ n) => ({ min_new_tokens: n, max_new_tokens: n });

/** A processor that keeps the rows it sees, by sequence. */
function recorder() {
  /** @type {Float32Array[][]} */
  const rows = [];
  const see = (/** @type {bigint[][]} */ ids, /** @type {any} */ logits) => {
    const n = logits.dims[1];
    ids.forEach((_, b) => {
      rows[b] ??= [];
      rows[b].push(logits.data.slice(b * n, (b + 1) * n));
    });
    return logits;
  };
  return { rows, see };
}

/** What a Sampler draws from the rows that were seen. @param {any} sampler @param {bigint[]} prompt @param {any[]} rows */
function replay(sampler, prompt, rows) {
  sampler.accept(prompt, { prompt: true });
  return rows.map((row) => sampler.sample(row));
}

for (const dtype of ['fp32', 'fp16']) {
  test(`generate() with a ${dtype} model draws what a Sampler draws, at each call anew`, async () => {
    const client = clients[dtype];
    const processor = logitsProcessor(CHAIN);
    for (const prompt of [PROMPT, 'tokens', PROMPT]) {
      const { rows, see } = recorder();
      const list = new LogitsProcessorList();
      list.push(/** @type {any} */ (see));
      list.push(processor);
      const result = await client.generate(prompt, {
        ...exactly(24),
        do_sample: false,
        logits_processor: list,
      });
      const expected = replay(new logitkit.Sampler(SMALL.vocab, CHAIN), result.prompts[0], rows[0]);
      assert.deepEqual(result.tokens[0], expected);
      assert.deepEqual(
        processor.chosen[0].map((/** @type {any} */ step) => step.token),
        expected,
      );
      const plain = await client.generate(prompt, processor.settings(exactly(24)));
      assert.deepEqual(plain.tokens[0], expected, 'the processor as its own list');
    }
  });
}

test("the chosen tokens' log-probabilities are those of the model's rows and of the chain's law", async () => {
  const { rows, see } = recorder();
  const processor = logitsProcessor(CHAIN);
  processor.processors.unshift(see);
  const { tokens, prompts } = await clients.fp32.generate(PROMPT, processor.settings(exactly(12)));
  const direct = new logitkit.Sampler(SMALL.vocab, CHAIN);
  direct.accept(prompts[0], { prompt: true });
  rows[0].forEach((row, i) => {
    const { ids, probs } = direct.distribution(row);
    const step = processor.chosen[0][i];
    assert.equal(step.token, tokens[0][i]);
    assert.equal(step.position, i);
    assert.ok(Math.abs(step.logprob - logitkit.logSoftmax(row)[step.token]) < 1e-5);
    assert.ok(Math.abs(step.finalLogprob - Math.log(probs[ids.indexOf(step.token)])) < 1e-5);
    direct.accept(step.token);
  });
});

test('a batch, padded on the left: a sampler and a stream per row, padding outside the history', async () => {
  const { rows, see } = recorder();
  const { tokenizer, lm } = clients.fp32;
  tokenizer.padding_side = 'left';
  const inputs = tokenizer(['Logits in', 'x', 'tokens'], { padding: true });
  const processor = logitsProcessor({ ...CHAIN, padTokenId: EOS });
  processor.processors.unshift(see);
  const output = await lm.generate({ ...inputs, ...processor.settings(exactly(16)) });
  const prompts = inputs.input_ids.tolist();
  const base = new logitkit.Sampler(SMALL.vocab, CHAIN);
  for (const [b, ids] of output.tolist().entries()) {
    const prompt = prompts[b].filter((/** @type {bigint} */ id) => id !== BigInt(EOS));
    assert.ok(b === 0 || prompt.length < prompts[b].length, 'padded');
    const direct = b === 0 ? base : base.fork({ stream: b });
    direct.reset();
    const expected = replay(direct, prompt, rows[b]);
    assert.deepEqual(ids.slice(prompts[b].length).map(Number), expected);
    assert.equal(processor.samplers[b].stream, b);
  }
});

test('the text-generation pipeline takes it', async () => {
  const processor = logitsProcessor(CHAIN);
  const direct = await clients.fp32.generate(PROMPT, processor.settings(exactly(16)));
  const generator = await pipeline('text-generation', 'fp32', loading('fp32'));
  const [output] = /** @type {any} */ (await generator(PROMPT, processor.settings(exactly(16))));
  assert.equal(output.generated_text, direct.texts[0]);
});

test('mode filter: the host draws among the survivors', async () => {
  const options = { temperature: 0.8, topK: 40, topP: 0.5, repetitionPenalty: 1.1 };
  const { rows, see } = recorder();
  const processor = logitsProcessor({ ...options, mode: 'filter' });
  processor.processors.unshift(see);
  const { tokens, prompts } = await clients.fp32.generate(PROMPT, processor.settings(exactly(48)));
  const direct = new logitkit.Sampler(SMALL.vocab, options);
  direct.accept(prompts[0], { prompt: true });
  let likeliest = 0;
  rows[0].forEach((row, i) => {
    const { ids } = direct.distribution(row);
    assert.ok(ids.includes(tokens[0][i]), `token ${i}`);
    if (ids[0] === tokens[0][i]) likeliest++;
    direct.accept(tokens[0][i]);
  });
  assert.ok(likeliest < 48, 'the host drew');
});

test('beams: refused by settings(); without it the host of this version follows one beam, and so do we', async () => {
  const processor = logitsProcessor(CHAIN);
  assert.throws(() => processor.settings({ num_beams: 2 }), RangeError);
  const one = await clients.fp32.generate(PROMPT, processor.settings(exactly(8)));
  const settings = { ...exactly(8), do_sample: false, num_beams: 2, logits_processor: processor };
  assert.deepEqual((await clients.fp32.generate(PROMPT, settings)).tokens, one.tokens);
});

test("an error ends the host's loop, and the next generation is as the first", async () => {
  const options = { ...CHAIN, logitBias: { [POISON]: 1000 } };
  const processor = logitsProcessor(options);
  const nan = (/** @type {any} */ error) => error instanceof logitkit.LogitsError && error.code === 'nan';
  for (let i = 0; i < 2; i++)
    await assert.rejects(clients.poisoned.generate(PROMPT, processor.settings({ max_new_tokens: 8 })), nan);
  assert.deepEqual(
    processor.chosen[0].map((/** @type {any} */ step) => step.token),
    [POISON],
  );
  const fine = logitsProcessor(CHAIN);
  const first = await clients.fp32.generate(PROMPT, fine.settings(exactly(8)));
  fine.samplers[0].mask = new Int32Array(SMALL.vocab / 32);
  await assert.rejects(clients.fp32.generate(PROMPT, fine.settings(exactly(8))), { code: 'masked' });
  fine.samplers[0].mask = null;
  assert.deepEqual((await clients.fp32.generate(PROMPT, fine.settings(exactly(8)))).tokens, first.tokens);
});

test('the version that its messages name is the one that is tested', () => {
  const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const version = devDependencies['@huggingface/transformers'];
  assert.throws(
    () => logitsProcessor()([[1n]], {}),
    new RegExp(`transformers\\.js ${version.replaceAll('.', '\\.')}\\)`),
  );
});

test('no request was made', () => assert.deepEqual(requests, []));
