import assert from 'node:assert/strict';
import { below, random } from './random.js';
import { normal } from './rows.js';

/** Tokens of the sequences that these helpers lead. */
export const VOCABULARY = 60;
/** Logits for a step: few enough that they come again, close enough that every stage can change the choice. */
export const ROWS = Array.from({ length: 7 }, (_, i) => normal(VOCABULARY, i, 1.2));

/** Options under which what a sequence went through decides what it does next: every stage that remembers. */
export const REMEMBERING = {
  plain: { topK: 12 },
  penalties: { repetitionPenalty: 1.4, frequencyPenalty: 0.3, presencePenalty: 0.2 },
  window: { repetitionPenalty: 1.5, frequencyPenalty: -0.4, penaltyLastN: 5 },
  output: {
    repetitionPenalty: 1.3,
    frequencyPenalty: 0.5,
    repetitionScope: 'output',
    frequencyScope: 'output',
  },
  forgetting: { frequencyPenalty: 0.2, penaltyLastN: -1, maxHistory: 9 },
  'forgetting all': { presencePenalty: 1, maxHistory: 0 },
  'window that forgets': {
    frequencyPenalty: 0.6,
    penaltyLastN: 6,
    maxHistory: 7,
    mirostat: 2,
    mirostatTau: 3,
  },
  dry: { dryMultiplier: 1.2, dryAllowedLength: 1, drySequenceBreakers: [[3], [4, 5]] },
  'dry window': { dryMultiplier: 0.9, dryBase: 1.3, dryLastN: 8, maxHistory: 12 },
  ngrams: { noRepeatNgramSize: 2, temperature: 0.4 },
  words: { badWords: [[1, 2], [7], [3, 4, 5]], temperature: 0.5 },
  biases: {
    logitBias: { 3: 2, 9: -Infinity },
    sequenceBias: [
      [[3, 9], 1],
      [[3, 4], 6],
      [[4, 4, 3], -3],
    ],
  },
  forced: { forcedTokens: { 2: 11, 5: 12, 30: 13 }, allowedTokens: [3, 4, 5, 11, 12, 13, 50] },
  ends: { eosTokens: [2, 3], minTokens: 6, lengthPenalty: { start: 3, factor: 1.2 }, suppressTokens: [1] },
  xtc: { xtcProbability: 0.5, xtcThreshold: 0.02 },
  'mirostat 1': { mirostat: 1, mirostatTau: 3, mirostatEta: 0.5 },
  'mirostat 2': { mirostat: 2, mirostatTau: 3, mirostatEta: 0.5, repetitionPenalty: 1.2 },
  adaptive: { adaptiveTarget: 0.2, adaptiveDecay: 0.8 },
  'llama.cpp': { order: 'llama.cpp', dryMultiplier: 0.5, penaltyLastN: 10, frequencyPenalty: 0.4, topK: 30 },
  vllm: {
    order: 'vllm',
    badWords: [
      [5, 6],
      [6, 5],
    ],
    frequencyPenalty: 0.4,
    temperature: 0.8,
  },
};

/**
 * Leads samplers that must be equal through the same events, at random: tokens drawn and accepted, prompts, steps back,
 * unrecorded draws, errors. Whatever one gives, all give.
 *
 * @param {readonly import('../../js/sampler.js').Sampler[]} samplers
 * @param {number} steps
 * @param {number} seed
 */
export function lead(samplers, steps, seed) {
  const next = random(seed);
  const [first] = samplers;
  for (let step = 0; step < steps; step++) {
    const row = ROWS[below(next, ROWS.length)];
    const kind = next();
    const token = below(next, VOCABULARY);
    const tokens = samplers.map((sampler) => {
      if (kind < 0.06) return sampler.accept([token, token >> 1], { prompt: true });
      if (kind < 0.16) return sampler.accept(token);
      if (kind < 0.2) return sampler.sample(row, { record: false });
      if (kind < 0.32) return back(sampler, token % 6);
      if (kind < 0.38) return told(sampler, row);
      return sampler.sample(row);
    });
    for (const token of tokens) assert.equal(token, tokens[0], `step ${step}`);
    for (const sampler of samplers) assert.equal(sampler.position, first.position);
  }
}

/**
 * What there is to tell about a call, which is looked at from where it was before, with a fork in between.
 * @param {import('../../js/sampler.js').Sampler} sampler
 * @param {Float32Array} row
 */
function told(sampler, row) {
  sampler.sample(row);
  sampler.fork().dispose();
  const { token, logprob, rank, finalLogprob, kept } = /** @type {any} */ (sampler.last);
  return [token, logprob, rank, finalLogprob, kept].join();
}

/** As far back as it goes, at most n. @param {import('../../js/sampler.js').Sampler} sampler @param {number} n */
function back(sampler, n) {
  for (let far = n; ; far--) {
    try {
      sampler.rewind(far);
      return far;
    } catch (error) {
      assert.ok(error instanceof RangeError && far > 0);
    }
  }
}

/**
 * What a sampler shows and would do now, as text.
 * @param {import('../../js/sampler.js').Sampler} sampler
 */
export function portrait(sampler) {
  const { history, options, position, seed, stream, vocabSize, mask } = sampler;
  const laws = ROWS.slice(0, 3).map((row) => {
    const { ids, probs } = sampler.distribution(row);
    return [ids.join(), probs.join(), sampler.sample(row, { record: false })];
  });
  const settings = Object.entries(options).map(([name, value]) => [
    name,
    value instanceof Map
      ? [...value]
      : typeof value === 'bigint'
        ? `${value}n`
        : Object.is(value, -0)
          ? '-0'
          : value,
  ]);
  return JSON.stringify(
    [Array.from(history), settings, position, `${seed}`, stream, vocabSize, mask && Array.from(mask), laws],
    (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value),
  );
}

/**
 * A sampler that has a past.
 * @template T
 * @param {new (n: number, options: object) => T} kind
 * @param {object} options
 * @param {number} seed
 * @param {number} [steps]
 * @returns {T}
 */
export function grown(kind, options, seed, steps = 40) {
  const sampler = new kind(VOCABULARY, { ...options, seed });
  /** @type {any} */ (sampler).accept([5, 6, 5, 6, 7, seed % VOCABULARY], { prompt: true });
  lead([/** @type {any} */ (sampler)], steps, seed);
  return sampler;
}
