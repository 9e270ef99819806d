import assert from 'node:assert/strict';
import { Sampler } from '../../js/index.js';
import { mlx } from '../published/mlx.js';
import { transformers } from '../published/transformers.js';
import { transformersJs } from '../published/transformersjs.js';
import { vllm } from '../published/vllm.js';
import { webLlm } from '../published/webllm.js';
import { below } from './random.js';

/** The law over the whole vocabulary. */
export function dense(row, options, { prompt = [], output = [], mask = null } = {}) {
  const sampler = new Sampler(row.length, { seed: 1, ...options });
  sampler.accept(prompt, { prompt: true });
  sampler.accept(output);
  const { ids, probs } = sampler.distribution(Float32Array.from(row), { mask });
  sampler.dispose();
  const law = Array.from(row, () => 0);
  ids.forEach((id, i) => {
    law[id] = probs[i];
  });
  return law;
}

/** What would be smaller is 0. */
const LEAST = 2 ** -126;
/** What can be drawn. */
export const kept = (law) => law.flatMap((p, id) => (p >= LEAST ? [id] : []));

/** Logits of probabilities. */
export const logs = (...probs) => probs.map(Math.log);

/** Asserts that two laws are the same: the same tokens, the same probabilities. */
export function nearly(found, expected, label) {
  assert.deepEqual(kept(found), kept(expected), `${label}: survivors`);
  expected.forEach((p, id) => {
    assert.ok(Math.abs(found[id] - p) <= 5e-6 * p + 1e-9, `${label}: p[${id}] = ${found[id]}, expected ${p}`);
  });
}

/** One of some values, "not given" among them where there is no first one. */
export const pick = (next, ...values) => values[below(next, values.length)];

/** Tokens with repeats. */
export const TOKENS = (next, n, count) => Array.from({ length: count }, () => below(next, n));

/** Random parameters under each engine's own names, and its published rule. */
export const PUBLISHED = {
  vllm: {
    rule: vllm,
    params: (next, n) => ({
      temperature: pick(next, undefined, 0, 0.004, 0.7, 1.6),
      top_k: pick(next, undefined, 0, -1, 3, 20, 4000),
      top_p: pick(next, undefined, 0.9, 0.4),
      min_p: pick(next, undefined, 0.05),
      repetition_penalty: pick(next, undefined, 1.3, 0.8),
      frequency_penalty: pick(next, undefined, 0.6, -0.4),
      presence_penalty: pick(next, undefined, 0.9),
      logit_bias: pick(next, undefined, { [below(next, n)]: 2.5, [below(next, n)]: -250 }),
      allowed_token_ids: pick(next, undefined, undefined, TOKENS(next, n, 12)),
      ...pick(next, {}, { min_tokens: 10, stop_token_ids: TOKENS(next, n, 2) }),
    }),
  },
  transformers: {
    rule: transformers,
    params: (next, n) => ({
      do_sample: pick(next, true, true, true, false, undefined),
      temperature: pick(next, undefined, 0.7, 1.6),
      top_k: pick(next, undefined, null, 0, 3, 20),
      top_p: pick(next, undefined, 0.9, 0.4),
      min_p: pick(next, undefined, null, 0.02),
      top_h: pick(next, undefined, undefined, 0.6),
      typical_p: pick(next, undefined, 0.8),
      epsilon_cutoff: pick(next, undefined, 0.004),
      eta_cutoff: pick(next, undefined, 0.01),
      repetition_penalty: pick(next, undefined, 1.3, 0.8),
      sequence_bias: pick(next, undefined, [[[below(next, n)], 3]], [[TOKENS(next, n, 2), -2]]),
      no_repeat_ngram_size: pick(next, undefined, 1, 2),
      bad_words_ids: pick(next, undefined, [TOKENS(next, n, 1), TOKENS(next, n, 2)]),
      suppress_tokens: pick(next, undefined, TOKENS(next, n, 3)),
      ...pick(next, {}, { min_new_tokens: 10, eos_token_id: below(next, n) }),
      ...pick(next, {}, {}, { exponential_decay_length_penalty: [4, 1.05], eos_token_id: [1, 2] }),
    }),
  },
  'transformers.js': {
    rule: transformersJs,
    params: (next, n) => ({
      do_sample: pick(next, true, true, false, undefined),
      temperature: pick(next, undefined, 0, 0.7, 1.6),
      top_k: pick(next, undefined, 0, 3, 20),
      repetition_penalty: pick(next, undefined, 1.3, 0.8),
      no_repeat_ngram_size: pick(next, undefined, 1, 2),
      bad_words_ids: pick(next, undefined, [TOKENS(next, n, 1), TOKENS(next, n, 2)]),
      suppress_tokens: pick(next, undefined, TOKENS(next, n, 3)),
      ...pick(next, {}, { min_new_tokens: 10, eos_token_id: [below(next, n)] }),
    }),
  },
  mlx: {
    rule: mlx,
    params: (next, n) => ({
      temp: pick(next, undefined, 0.7, 1.6),
      ...pick(
        next,
        {},
        { temp: 0.9, xtc_probability: 0.4 },
        { temp: 1.1, xtc_probability: 1, xtc_threshold: 0.05 },
      ),
      top_p: pick(next, undefined, 0, 0.9, 0.4),
      min_p: pick(next, undefined, 0.05),
      top_k: pick(next, undefined, 3, 20),
      repetition_penalty: pick(next, undefined, 1.3, 0.8),
      frequency_penalty: pick(next, undefined, 0.6),
      presence_penalty: pick(next, undefined, 0.9),
      logit_bias: pick(next, undefined, { [below(next, n)]: 2.5 }),
    }),
  },
  'web-llm': {
    rule: webLlm,
    params: (next, n) => ({
      temperature: pick(next, undefined, 0, 5e-6, 0.7, 1.6),
      top_p: pick(next, undefined, 0.9, 0.4),
      repetition_penalty: pick(next, undefined, 1.3, 0.8),
      frequency_penalty: pick(next, undefined, 0.6, -0.4),
      presence_penalty: pick(next, undefined, 0.9),
      logit_bias: pick(next, undefined, { [below(next, n)]: 2.5 }),
    }),
  },
};

/** Without what is not given. */
export const clean = (params) =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
