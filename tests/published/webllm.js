// WebLLM: src/llm_chat.ts (what it calls, in which order) and mlc-llm's kernels: apply_penalty_inplace, softmax with
// temperature, top-p over the sorted row.
import { countsOf, drop, masked, softmax } from './arrays.js';

export function webLlm(row, params, { output, mask }) {
  const z = masked(Array.from(row), mask);
  for (const [id, b] of Object.entries(params.logit_bias ?? {})) z[id] += b;
  const { frequency_penalty: f = 0, presence_penalty: q = 0, repetition_penalty: r = 1 } = params;
  for (const [id, count] of countsOf(output)) {
    z[id] -= q + count * f;
    z[id] = z[id] < 0 ? z[id] * r : z[id] / r;
  }
  const t = params.temperature ?? 1;
  let probs;
  if (t <= 1e-5) {
    const max = Math.max(...z);
    const winners = z.filter((v) => v === max).length;
    probs = z.map((v) => (v === max ? 1 / winners : 0));
  } else {
    probs = softmax(z.map((v) => v / t));
  }
  const order = probs.map((_, id) => id).sort((a, b) => probs[b] - probs[a] || a - b);
  let sum = 0;
  const kept = new Set();
  for (const id of order) {
    kept.add(id);
    sum += probs[id];
    if (sum >= (params.top_p ?? 1)) break;
  }
  const rest = drop(probs, (_, id) => !kept.has(id)).map((p) => Math.max(p, 0));
  const total = rest.reduce((a, b) => a + b, 0);
  return rest.map((p) => p / total);
}
