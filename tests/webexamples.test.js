// The examples of web/examples/ that need no host. tests/integration/examples.test.js runs the others.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { logSoftmax, Sampler } from 'logitkit';
import { bestOf } from '../web/examples/best-of-n.js';
import { choose } from '../web/examples/choice.js';
import cloudflare from '../web/examples/cloudflare.js';
import { generate as speculate } from '../web/examples/speculative.js';
import { normal } from './helpers/rows.js';

const VOCABULARY = 100;
const CHAIN = { temperature: 0.9, topK: 20, repetitionPenalty: 1.2, seed: 7 };

/** A model: the logits depend on the last token alone. */
const next = (tokens) => normal(VOCABULARY, (tokens.at(-1) ?? 0) + 1, 3);

describe('cli.js', () => {
  const run = (input, ...args) =>
    spawnSync(process.execPath, ['web/examples/cli.js', ...args], { input, encoding: 'utf8' });

  test('a token per line of logits', () => {
    const rows = [1, 2, 3, 4].map((seed) => Array.from(normal(VOCABULARY, seed, 3)));
    const sampler = new Sampler(VOCABULARY, CHAIN);
    const expected = rows.map((row) => `${sampler.sample(row)}\n`).join('');
    const input = rows.map((row) => JSON.stringify(row)).join('\n');
    const { stdout, status } = run(input, JSON.stringify(CHAIN));
    assert.deepEqual([stdout, status], [expected, 0]);
    assert.equal(run(`${input}\n`, JSON.stringify(CHAIN)).stdout, expected);
  });

  test('what cannot be drawn from is named by its line', () => {
    const { stderr, status } = run('[1, 2]\n\n[1, 2, 3]\n');
    assert.match(stderr, /^line 3: RangeError: .*vocabSize = 2/);
    assert.equal(status, 1);
    assert.match(run('[1, 2', '{}').stderr, /^line 1: SyntaxError/);
  });
});

describe('choice.js', () => {
  const CHOICES = [
    [5, 6, 99],
    [5, 7, 99],
    [40, 99],
    [5, 6, 8, 99],
  ];

  test('each choice comes as often as its tokens are likely', async () => {
    const law = (tokens, allowed) => {
      const weights = allowed.map((id) => Math.exp(next(tokens)[id]));
      const sum = weights.reduce((a, b) => a + b);
      return weights.map((w) => w / sum);
    };
    const [five] = law([1], [5, 40]);
    const [six, seven] = law([1, 5], [6, 7]);
    const [end] = law([1, 5, 6], [99, 8]);
    const expected = [five * six * end, five * seven, 1 - five, five * six * (1 - end)];
    const trials = 4000;
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < trials; seed++) counts[await choose(next, [1], CHOICES, { seed })]++;
    counts.forEach((count, i) => {
      const sigma = Math.sqrt(trials * expected[i] * (1 - expected[i]));
      assert.ok(
        Math.abs(count - trials * expected[i]) < 4.5 * sigma,
        `choice ${i}: ${count}, ${expected[i]}`,
      );
    });
  });

  test('a choice that begins another one is refused', async () => {
    await assert.rejects(choose(next, [1], [[5], [5, 6]], { seed: 1 }), RangeError);
  });
});

describe('cloudflare.js', () => {
  const ask = async (row, query = {}) => {
    const search = new URLSearchParams(
      Object.entries(query).map(([key, value]) => [key, JSON.stringify(value)]),
    );
    const request = new Request(`http://worker.test/?${search}`, { method: 'POST', body: row });
    const response = await cloudflare.fetch(request);
    return { status: response.status, ...(await response.json()) };
  };

  test('the token that a sampler with that history draws', async () => {
    const sampler = new Sampler(VOCABULARY, CHAIN);
    const history = [];
    for (let i = 0; i < 5; i++) {
      const row = next(history);
      const { status, token, position, top } = await ask(row, { options: CHAIN, history });
      const expected = sampler.sample(row);
      assert.deepEqual([status, token, position], [200, expected, i + 1]);
      assert.equal(top.length, 5);
      history.push(token);
    }
  });

  test('a bad request is told apart from a fault', async () => {
    for (const query of [{ options: { top_k: 4 } }, { options: { topK: -1 } }, { history: [VOCABULARY] }]) {
      const { status, error } = await ask(next([]), query);
      assert.equal(status, 400);
      assert.match(error, /Error: /);
    }
    assert.equal((await ask(new Float32Array([Number.NaN]))).status, 400);
    assert.equal((await ask(new Uint8Array(3))).status, 400);
  });
});

describe('best-of-n.js', () => {
  test('forks on streams of their own, the likeliest first, the sampler as it was', async () => {
    const sampler = new Sampler(VOCABULARY, CHAIN);
    sampler.accept([1, 2, 3], { prompt: true });
    const found = await bestOf(sampler, next, { n: 6, most: 8 });
    assert.equal(found.length, 6);
    assert.equal(new Set(found.map(({ tokens }) => tokens.join())).size, 6);
    for (const [i, { tokens, logprob }] of found.entries()) {
      let text = [1, 2, 3];
      let sum = 0;
      for (const token of tokens) {
        sum += logSoftmax(next(text))[token];
        text = [...text, token];
      }
      assert.ok(Math.abs(sum / tokens.length - logprob) < 1e-4);
      assert.ok(i === 0 || logprob <= found[i - 1].logprob);
    }
    assert.deepEqual([sampler.position, ...sampler.history], [0, 1, 2, 3]);
    sampler.configure({ logitBias: { 9: 1000 } });
    for (const { tokens } of await bestOf(sampler, next, { n: 2, most: 8, eos: 9 }))
      assert.deepEqual(tokens, [9]);
  });
});

describe('speculative.js', () => {
  /** The model's rows behind a text and each token of a draft; how much was computed is what runs count. */
  const rowsAfter = (tokens, draft) => {
    const text = [...tokens, ...draft];
    const rows = new Float32Array((draft.length + 1) * VOCABULARY);
    for (let i = 0; i <= draft.length; i++) rows.set(next(text.slice(0, tokens.length + i)), i * VOCABULARY);
    return rows;
  };
  const greedy = { temperature: 0, frequencyPenalty: 0.05 };

  test('greedy: the same text as token by token, in fewer runs of the model', async () => {
    const sampler = new Sampler(VOCABULARY, greedy);
    sampler.accept([1], { prompt: true });
    const { tokens, runs } = await speculate(sampler, rowsAfter, { most: 60 });
    const plain = new Sampler(VOCABULARY, greedy);
    plain.accept([1], { prompt: true });
    const text = [1];
    for (let i = 0; i < tokens.length; i++) text.push(plain.sample(next(text)));
    assert.deepEqual([1, ...tokens], text);
    assert.ok(tokens.length >= 60 && runs < tokens.length / 2, `${runs} runs for ${tokens.length} tokens`);
    assert.deepEqual(Array.from(sampler.history), text);
  });

  test('drawn: the law of the second token is that of the chain', async () => {
    const options = { temperature: 1, topK: 3 };
    const base = new Sampler(VOCABULARY, options);
    const law = new Map();
    const first = base.distribution(next([5]));
    first.ids.forEach((id, i) => {
      const second = base.distribution(next([id]));
      second.ids.forEach((token, j) => {
        law.set(token, (law.get(token) ?? 0) + first.probs[i] * second.probs[j]);
      });
    });
    const trials = 3000;
    const counts = new Map();
    for (let seed = 0; seed < trials; seed++) {
      const sampler = new Sampler(VOCABULARY, { ...options, seed });
      // The text has each continuation already, so that there is a draft to accept or not.
      sampler.accept([5, first.ids[0], 7, 5, first.ids[0], 5], { prompt: true });
      const { tokens } = await speculate(sampler, rowsAfter, { most: 2, guess: 2 });
      counts.set(tokens[1], (counts.get(tokens[1]) ?? 0) + 1);
      sampler.dispose();
    }
    for (const [token, p] of law) {
      const sigma = Math.sqrt(trials * p * (1 - p));
      assert.ok(
        Math.abs((counts.get(token) ?? 0) - trials * p) < 4.5 * sigma,
        `${token}: ${counts.get(token)}, ${p}`,
      );
    }
    assert.ok([...counts.keys()].every((token) => law.has(token)));
  });

  test('nothing comes behind the end', async () => {
    const plain = new Sampler(VOCABULARY, greedy);
    plain.accept([1], { prompt: true });
    const text = [1];
    for (let i = 0; i < 30; i++) text.push(plain.sample(next(text)));
    const eos = text.at(-1);
    const end = text.indexOf(eos, 1);
    const sampler = new Sampler(VOCABULARY, greedy);
    sampler.accept([1], { prompt: true });
    const { tokens } = await speculate(sampler, rowsAfter, { most: 60, eos });
    assert.deepEqual(tokens, text.slice(1, end + 1));
    assert.deepEqual(Array.from(sampler.history), text.slice(0, end + 1));
  });
});
