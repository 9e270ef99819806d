// vLLM: vllm/v1/sample/sampler.py with its PyTorch kernels and its built-in logits processors.
import {
  argmax,
  ascendingTopP,
  countsOf,
  drop,
  masked,
  minP,
  repetition,
  softmax,
  topKByValue,
} from './arrays.js';

export function vllm(row, params, { prompt, output, mask }) {
  let z = masked(Array.from(row), mask);
  const { allowed_token_ids: allowed, logit_bias: bias = {}, stop_token_ids: stops = [] } = params;
  if (allowed) z = drop(z, (_, id) => !allowed.includes(id));
  if (output.length < (params.min_tokens ?? 0)) z = drop(z, (_, id) => stops.includes(id));
  for (const [id, b] of Object.entries(bias)) z[id] += Math.min(100, Math.max(-100, b));
  z = repetition(z, new Set([...prompt, ...output]), params.repetition_penalty ?? 1);
  for (const [id, count] of countsOf(output)) {
    z[id] -= count * (params.frequency_penalty ?? 0);
    z[id] -= params.presence_penalty ?? 0;
  }
  let t = params.temperature ?? 1;
  if (t > 0 && t < 0.01) t = 0.01;
  if (t < 1e-5) return argmax(z);
  z = z.map((v) => v / t);
  if (params.min_p) z = minP(z, params.min_p);
  if (params.top_k > 0) z = topKByValue(z, params.top_k);
  if ((params.top_p ?? 1) < 1) z = ascendingTopP(z, params.top_p);
  return softmax(z);
}
