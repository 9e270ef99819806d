import { ABOVE_0, HIGHEST } from '../check.js';
import { boundedBias, GRAMMAR, HOST, LENGTH, reasons, seed } from './param.js';

/** @type {() => import('./param.js').Description} */
export const webLlm = () => ({
  title: 'WebLLM',
  preset: { order: 'web-llm' },
  params: [
    { name: 'temperature', option: 'temperature', min: 0, max: HIGHEST },
    { name: 'top_p', option: 'topP', min: ABOVE_0 },
    { name: 'repetition_penalty', option: 'repetitionPenalty' },
    { name: 'frequency_penalty', option: 'frequencyPenalty', min: -2, max: 2 },
    { name: 'presence_penalty', option: 'presencePenalty', min: -2, max: 2 },
    { name: 'logit_bias', option: 'logitBias', ...boundedBias('WebLLM') },
    seed(Number.MAX_SAFE_INTEGER, 'WebLLM'),
  ],
  others: reasons([
    ['max_tokens max_gen_len mean_gen_len shift_fill_factor stop ignore_eos', LENGTH],
    ['response_format', GRAMMAR],
    [
      'n logprobs top_logprobs model messages prompt stream stream_options tools tool_choice extra_body',
      HOST,
    ],
  ]),
});
