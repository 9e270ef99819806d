import { ABOVE_0 } from '../check.js';
import { VLLM_LEAST, VLLM_RAISES } from '../rules.js';
import { boundedBias, GRAMMAR, HOST, LENGTH, list, reasons, seed, TEXT } from './param.js';

/** @type {() => import('./param.js').Description} */
export const vllm = () => ({
  title: 'vLLM',
  preset: { order: 'vllm' },
  params: [
    {
      name: 'temperature',
      option: 'temperature',
      min: 0,
      max: 2,
      write: (value, refuse) => (value > 0 && value < VLLM_LEAST ? void refuse(value, VLLM_RAISES) : value),
    },
    { name: 'top_k', option: 'topK', off: [0, -1] },
    { name: 'top_p', option: 'topP', min: ABOVE_0 },
    { name: 'min_p', option: 'minP' },
    { name: 'repetition_penalty', option: 'repetitionPenalty' },
    { name: 'frequency_penalty', option: 'frequencyPenalty', min: -2, max: 2 },
    { name: 'presence_penalty', option: 'presencePenalty', min: -2, max: 2 },
    {
      name: 'logit_bias',
      option: 'logitBias',
      ...boundedBias('vLLM'),
      // from_optional() clamps.
      read: (value) =>
        Object.fromEntries(
          Object.entries(value ?? {}).map(([id, b]) => [
            id,
            typeof b === 'number' ? Math.max(-100, Math.min(100, b)) : b,
          ]),
        ),
    },
    { name: 'allowed_token_ids', option: 'allowedTokens', ...list },
    { name: 'min_tokens', option: 'minTokens' },
    { name: 'stop_token_ids', option: 'eosTokens', ...list },
    { ...seed(Number.MAX_SAFE_INTEGER, 'vLLM'), off: [-1] },
  ],
  others: reasons([
    [
      'max_tokens stop ignore_eos include_stop_str_in_output repetition_detection thinking_token_budget',
      LENGTH,
    ],
    ['bad_words', `bad_words ${TEXT}`],
    ['structured_outputs response_format', GRAMMAR],
    [
      'n logprobs prompt_logprobs logprob_token_ids flat_logprobs detokenize skip_special_tokens spaces_between_special_tokens output_kind extra_args model messages prompt stream',
      HOST,
    ],
  ]),
  lacks: { badWords: `bad_words ${TEXT}` },
  from(options) {
    if (options.temperature > 0 && options.temperature < VLLM_LEAST) options.temperature = VLLM_LEAST;
  },
});
