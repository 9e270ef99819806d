import { boundedBias, GRAMMAR, HOST, LENGTH, reasons, seed } from './param.js';

/** @type {() => import('./param.js').Description} */
export const openai = () => ({
  title: 'OpenAI API',
  preset: {},
  params: [
    { name: 'temperature', option: 'temperature', min: 0, max: 2 },
    { name: 'top_p', option: 'topP' },
    { name: 'frequency_penalty', option: 'frequencyPenalty', min: -2, max: 2 },
    { name: 'presence_penalty', option: 'presencePenalty', min: -2, max: 2 },
    { name: 'logit_bias', option: 'logitBias', ...boundedBias('The OpenAI API') },
    seed(Number.MAX_SAFE_INTEGER, 'The OpenAI API'),
  ],
  others: reasons([
    ['max_tokens max_completion_tokens stop', LENGTH],
    ['response_format', GRAMMAR],
    [
      'model messages n stream stream_options logprobs top_logprobs tools tool_choice parallel_tool_calls user store metadata reasoning_effort service_tier modalities audio prediction prompt best_of echo suffix',
      HOST,
    ],
  ]),
});
