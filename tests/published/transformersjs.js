// transformers.js: src/models/modeling_utils.js (_get_logits_processor), logits_process.js, logits_sampler.js.
import { argmax, drop, masked, ngramBans, repetition, softmax, wordBans } from './arrays.js';

export function transformersJs(row, params, { prompt, output, mask }) {
  const ids = [...prompt, ...output];
  let z = repetition(Array.from(row), new Set(ids), params.repetition_penalty ?? 1);
  const bans = ngramBans(ids, params.no_repeat_ngram_size ?? 0);
  for (const id of wordBans(ids, params.bad_words_ids ?? [])) bans.add(id);
  for (const id of params.suppress_tokens ?? []) bans.add(id);
  if (output.length < (params.min_new_tokens ?? 0))
    for (const id of [params.eos_token_id].flat()) bans.add(id);
  z = drop(z, (_, id) => bans.has(id));
  const sample = params.do_sample && params.temperature !== 0;
  if (sample) z = z.map((v) => v / (params.temperature ?? 1));
  z = masked(z, mask);
  if (!sample) return argmax(z);
  const k = params.top_k ?? 50;
  if (k > 0) {
    // ONNX TopK: the lowest index first among equals.
    const best = z.map((_, id) => id).sort((a, b) => z[b] - z[a] || a - b);
    const kept = new Set(best.slice(0, k));
    z = drop(z, (_, id) => !kept.has(id));
  }
  return softmax(z);
}
