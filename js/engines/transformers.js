import { ABOVE_0, BELOW_1, HIGHEST } from '../check.js';
import { isGreedy } from '../refusals.js';
import {
  HOST,
  LENGTH,
  lengthPenalty,
  list,
  oneOrMore,
  readSampling,
  reasons,
  SEARCH,
  writeSampling,
} from './param.js';

const LISTS = {
  /** @param {Iterable<Iterable<number>>} words */
  write: (words) => Array.from(words, (word) => [...word]),
};

const FORCED =
  'forced_bos_token_id and forced_eos_token_id stand at places that the lengths of prompt and output decide';

/** What the JavaScript port has as well. @type {() => import('./param.js').Param[]} */
export const common = () => [
  { name: 'top_k', option: 'topK' },
  { name: 'repetition_penalty', option: 'repetitionPenalty' },
  { name: 'no_repeat_ngram_size', option: 'noRepeatNgramSize' },
  { name: 'bad_words_ids', option: 'badWords', ...LISTS },
  { name: 'min_new_tokens', option: 'minTokens' },
  { name: 'eos_token_id', option: 'eosTokens', ...oneOrMore },
  { name: 'suppress_tokens', option: 'suppressTokens', ...list },
];

export const commonOthers = () =>
  reasons([
    ['max_length max_new_tokens max_time early_stopping stop_strings length_penalty', LENGTH],
    [
      'num_beams num_beam_groups penalty_alpha diversity_penalty constraints force_words_ids num_return_sequences',
      SEARCH,
    ],
    ['min_length', 'counts the prompt, whose length the options do not know: min_new_tokens does not'],
    ['forced_bos_token_id forced_eos_token_id forced_decoder_ids', FORCED],
    ['begin_suppress_tokens', 'bans at one position only'],
    ['guidance_scale', 'needs the logits of a second prompt'],
    ['renormalize_logits', 'changes no probability'],
    ['remove_invalid_values', 'NaN is an error here'],
    ['encoder_repetition_penalty encoder_no_repeat_ngram_size', 'needs the tokens of an encoder'],
    ['prefix_allowed_tokens_fn', 'bring its bitmask: sampler.mask'],
    ['watermarking_config', 'watermarks are outside logitkit'],
    [
      'use_cache output_attentions output_hidden_states output_scores output_logits return_dict_in_generate pad_token_id bos_token_id decoder_start_token_id generation_kwargs streamer cache_implementation',
      HOST,
    ],
  ]);

/** @type {() => import('./param.js').Description} */
export const transformers = () => ({
  title: 'Hugging Face transformers',
  preset: { order: 'transformers', temperature: 0, topK: 50 },
  params: [
    {
      name: 'temperature',
      option: 'temperature',
      min: 0,
      max: HIGHEST,
      fallback: 1,
      read(t) {
        if (t > 0) return t;
        throw new RangeError(
          `fromEngine: temperature must be a number > 0, got ${t}; do_sample: false is greedy`,
        );
      },
    },
    ...common(),
    { name: 'top_p', option: 'topP' },
    { name: 'min_p', option: 'minP' },
    { name: 'top_h', option: 'topH' },
    { name: 'typical_p', option: 'typicalP', min: ABOVE_0 },
    { name: 'epsilon_cutoff', option: 'epsilonCutoff', off: [0, 1], max: BELOW_1 },
    { name: 'eta_cutoff', option: 'etaCutoff', off: [0, 1], max: BELOW_1 },
    { name: 'exponential_decay_length_penalty', option: 'lengthPenalty', ...lengthPenalty },
  ],
  handled: ['do_sample', 'sequence_bias', 'logitBias', 'sequenceBias'],
  others: commonOthers(),
  lacks: { forcedTokens: FORCED },
  to(params, settings) {
    const biases = writeSampling(params, settings, isGreedy(settings.temperature));
    const sequences = [.../** @type {any} */ (settings.sequenceBias ?? [])];
    const all = [...biases.map(([id, b]) => [[id], b]), ...sequences.map(([tokens, b]) => [[...tokens], b])];
    if (all.length > 0) params.sequence_bias = all;
  },
  from(options, params) {
    readSampling(options, params);
    const pairs = params.sequence_bias ?? [];
    const entries = Array.isArray(pairs) ? pairs : Object.entries(pairs);
    /** @type {[number, number][]} */
    const single = [];
    /** @type {[number[], number][]} */
    const longer = [];
    for (const [tokens, b] of entries) {
      if (!Array.isArray(tokens))
        throw new TypeError('fromEngine: sequence_bias must be a list of [tokens, bias]');
      if (tokens.length === 1) single.push([tokens[0], b]);
      else longer.push([tokens, b]);
    }
    if (single.length > 0) options.logitBias = new Map(single);
    if (longer.length > 0) options.sequenceBias = longer;
  },
});
