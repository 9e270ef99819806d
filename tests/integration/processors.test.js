/** transformers.js' own logits processors beside logitkit's stages: the same sets, the same probabilities. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MinLengthLogitsProcessor,
  MinNewTokensLengthLogitsProcessor,
  NoBadWordsLogitsProcessor,
  NoRepeatNGramLogitsProcessor,
  RepetitionPenaltyLogitsProcessor,
  SuppressTokensLogitsProcessor,
  TemperatureLogitsWarper,
  Tensor,
  topk,
} from '@huggingface/transformers';
import { Sampler } from '../../dist/index.js';
import { random } from '../helpers/random.js';
import { normal, peaked } from '../helpers/rows.js';
import { story } from '../helpers/story.js';

const VOCABULARY = 600;
const PROMPT = 9;

/** What a processor makes of a row, as probabilities by id: what has none is left out. */
async function theirs(processors, history, row, k = row.length) {
  const logits = new Tensor('float32', row.slice(), [1, row.length]);
  const ids = [history.map(BigInt)];
  for (const processor of processors) processor._call(ids, logits);
  const [values, indices] = await topk(logits, k);
  const found = new Map();
  const best = values.data[0];
  let sum = 0;
  for (let i = 0; i < k; i++) {
    if (values.data[i] === Number.NEGATIVE_INFINITY) continue;
    const weight = Math.exp(values.data[i] - best);
    found.set(Number(indices.data[i]), weight);
    sum += weight;
  }
  for (const [id, weight] of found) found.set(id, weight / sum);
  return found;
}

/** The same by a Sampler. */
function ours(options, history, row) {
  const sampler = new Sampler(row.length, options);
  sampler.accept(history.slice(0, PROMPT), { prompt: true });
  sampler.accept(history.slice(PROMPT));
  const { ids, probs } = sampler.distribution(row);
  sampler.dispose();
  return new Map(Array.from(ids, (id, i) => [id, probs[i]]));
}

/** Asserts the same tokens, and probabilities within what float32 logits of such a size can differ. */
function same(found, expected, label) {
  const sorted = (map) => [...map.keys()].sort((a, b) => a - b);
  assert.deepEqual(sorted(found), sorted(expected), `${label}: tokens`);
  for (const [id, p] of expected)
    assert.ok(Math.abs(found.get(id) - p) <= 2e-6 * p + 1e-12, `${label}: token ${id}`);
}

/** Every pair of options and processors on rows of two kinds and histories that repeat themselves. */
async function compare(make) {
  for (let i = 0; i < 16; i++) {
    const history = story([PROMPT + 1, 20, 60, 200][i % 4], [5, 12, 80][i % 3], i).history;
    const row = (i % 2 ? peaked : normal)(VOCABULARY, i);
    const { options, processors, k } = make(history, random(i));
    const label = `${JSON.stringify(options)}, history ${i}`;
    for (const order of ['logitkit', 'transformers.js']) {
      const mine = ours({ ...options, order }, history, row);
      same(mine, await theirs(processors, history, row, k), `${order}: ${label}`);
    }
  }
}

test('repetition penalty', () =>
  compare((_, next) => {
    const repetitionPenalty = 0.7 + next();
    return {
      options: { repetitionPenalty },
      processors: [new RepetitionPenaltyLogitsProcessor(repetitionPenalty)],
    };
  }));

test('no repeated n-grams', async () => {
  for (const size of [1, 2, 3, 4])
    await compare(() => ({
      options: { noRepeatNgramSize: size },
      processors: [new NoRepeatNGramLogitsProcessor(size)],
    }));
});

test('bad words', () =>
  compare((history, next) => {
    const badWords = [
      [3],
      [599, 2],
      history.slice(-2).concat(7),
      history.slice(-3).concat(Math.floor(next() * 600)),
    ];
    return { options: { badWords }, processors: [new NoBadWordsLogitsProcessor(badWords, 0)] };
  }));

test('minimum length: of what is new, and of all', async () => {
  for (const minTokens of [1, 12, 60]) {
    const eosTokens = [4, 590];
    await compare(() => ({
      options: { minTokens, eosTokens },
      processors: [new MinNewTokensLengthLogitsProcessor(PROMPT, minTokens, eosTokens)],
    }));
    await compare(() => ({
      options: { minTokens, eosTokens },
      processors: [new MinLengthLogitsProcessor(PROMPT + minTokens, eosTokens)],
    }));
  }
});

test('suppressed tokens', () =>
  compare((_, next) => {
    const suppressTokens = Array.from({ length: 50 }, (_, i) => i * 11 + Math.floor(next() * 11));
    return { options: { suppressTokens }, processors: [new SuppressTokensLogitsProcessor(suppressTokens)] };
  }));

test('temperature and top-k', () =>
  compare((_, next) => {
    const temperature = 0.4 + 1.5 * next();
    const topK = 1 + Math.floor(next() * 80);
    return {
      options: { temperature, topK },
      processors: [new TemperatureLogitsWarper(temperature)],
      k: topK,
    };
  }));

test('all of them one behind the other', () =>
  compare((history) => {
    const badWords = [history.slice(-2).concat(7), [11]];
    return {
      options: {
        repetitionPenalty: 1.3,
        noRepeatNgramSize: 2,
        badWords,
        minTokens: 100,
        eosTokens: [5],
        suppressTokens: [1, 2],
        temperature: 0.8,
        topK: 40,
      },
      processors: [
        new RepetitionPenaltyLogitsProcessor(1.3),
        new NoRepeatNGramLogitsProcessor(2),
        new NoBadWordsLogitsProcessor(badWords, 5),
        new MinNewTokensLengthLogitsProcessor(PROMPT, 100, 5),
        new SuppressTokensLogitsProcessor([1, 2]),
        new TemperatureLogitsWarper(0.8),
      ],
      k: 40,
    };
  }));
