// What docs/engines.md says about an engine that no program needs.

/**
 * @typedef {object} Notes
 * @property {string} read where its rules and parameters were read
 * @property {string} proof what our rules for it were compared with
 * @property {readonly string[]} differs what its name as `order` does otherwise than 'logitkit'
 */

/** @type {Readonly<Record<string, Notes>>} */
export const NOTES = {
  logitkit: {
    read: 'src/logitkit.h, "The chain"',
    proof: 'a float64 oracle of its own definition',
    differs: [],
  },
  'llama.cpp': {
    read: 'ggml-org/llama.cpp 2026-08: src/llama-sampler.cpp, common/sampling.cpp, common/common.h, tools/server/README.md',
    proof: "golden data of llama.cpp's own samplers; what that lacks, a second transcription",
    differs: [
      'top-n-sigma, top-k, typical, top-p, min-p and XTC act on the distribution before the temperature, which comes last',
      'a temperature of 0 or below takes the likeliest of what is left; T and x / T are rounded to float32',
      'penalties count prompt and output alike',
      'mirostat replaces every other stage but mask, bias and temperature',
    ],
  },
  vllm: {
    read: 'vllm-project/vllm, stored versions up to 2026: vllm/sampling_params.py, vllm/v1/sample/sampler.py, ops/topk_topp_sampler.py (the PyTorch path), ops/penalties.py, logits_processor/builtin.py',
    proof: 'a second transcription of the published source (it does not run here)',
    differs: [
      'min-p before top-k before top-p, all after temperature',
      'top-k keeps whatever equals the k-th',
      'the repetition penalty counts prompt and output, frequency and presence the output only',
      'a temperature is 0 (greedy) or at least 0.01, and finite; top-p is above 0',
      'biases are within -100 and 100',
      'a bad word of several tokens must lie in the output; in the prompt it does not count',
    ],
  },
  transformers: {
    read: 'huggingface/transformers, stored versions that have top-h: generation/utils.py (_get_logits_processor), generation/logits_process.py, generation/configuration_utils.py',
    proof: 'a second transcription of the published source (it does not run here)',
    differs: [
      'logit biases, then repetition, n-grams, bad words, minimum, forced, length penalty, suppressed; masks before the temperature',
      'after the temperature: top-h, top-k, top-p, min-p, typical, epsilon, eta',
      'top-k and typical keep whatever equals the last that they keep',
      'no frequency or presence penalty, no window: repetition counts prompt and output',
      'a temperature is above 0 and finite; 0 here is do_sample: false',
      'typical_p is above 0; an epsilon or eta cutoff of 1 is accepted there and does nothing, so it is refused here',
    ],
  },
  'transformers.js': {
    read: '@huggingface/transformers 4.3.1: src/models/modeling_utils.js (_get_logits_processor), src/generation/logits_process.js, logits_sampler.js, configuration_utils.js',
    proof:
      'a second transcription of the published source, and its own processors where the integration tests run them',
    differs: [
      'top-k is the only truncation; top_p and its like are accepted there and do nothing, so they are refused here',
      'no frequency or presence penalty, no window: repetition counts prompt and output',
      'a temperature is not negative; 0 is greedy',
    ],
  },
  mlx: {
    read: 'ml-explore/mlx-lm, 2026-08: mlx_lm/sample_utils.py (make_sampler, make_logits_processors)',
    proof: 'a second transcription of the published source (it does not run here)',
    differs: [
      'top-p, min-p, XTC and top-k act on the distribution before the temperature, which comes last',
      'top-p 0 means off there: it is refused here; top-k is below the size of the vocabulary there',
      'minKeep protects from min-p only, so it is refused beside another truncation',
      'XTC takes what is above its threshold, and leaves all that equal the last of those; at most 0.5; refused at temperature 0, where it has no say',
      'each penalty rounds to float32 (there: to the type of the logits) only once, after the three',
      'temperature is not negative (masked tokens would become the likeliest)',
    ],
  },
  'web-llm': {
    read: 'mlc-ai/web-llm, stored versions up to 2026: src/llm_chat.ts, src/config.ts; mlc-ai/mlc-llm: compiler_pass/attach_logit_processor.py, attach_softmax_with_temperature.py, attach_sampler.py',
    proof: 'a second transcription of the published source (it does not run here)',
    differs: [
      'presence and frequency are subtracted first; the repetition penalty acts on what they left',
      'all penalties count the output only (there: since the last prefill; here: since the start)',
      'a temperature up to 0.00001 is not greedy: the maxima share the mass, and a random one is drawn',
      'top-p is the only truncation; above 0',
      'frequency and presence are within -2 and 2, biases within -100 and 100',
    ],
  },
  openai: {
    read: 'the API reference of chat completions; its sampler is not published, so there is no order of this name',
    proof: 'none: nobody outside knows',
    differs: [],
  },
};
