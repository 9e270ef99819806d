// MLX-LM: mlx_lm/sample_utils.py, make_logits_processors and make_sampler. XTC's law is the mixture of its two outcomes.
import { argmax, ascendingTopP, countsOf, drop, masked, minP, repetition, softmax } from './arrays.js';

/** Python's tokens[-size:]. */
const last = (tokens, size = 20) => tokens.slice(size === 0 ? 0 : -size);

function xtc(z, threshold) {
  const probs = softmax(z);
  const least = Math.min(...probs.filter((p) => p > threshold));
  return drop(z, (_, id) => probs[id] > least);
}

export function mlx(row, params, { prompt, output, mask }) {
  const tokens = [...prompt, ...output];
  let z = masked(Array.from(row), mask);
  for (const [id, b] of Object.entries(params.logit_bias ?? {})) z[id] += b;
  if (params.repetition_penalty) {
    z = repetition(z, new Set(last(tokens, params.repetition_context_size)), params.repetition_penalty);
  }
  if (params.presence_penalty) {
    for (const id of new Set(last(tokens, params.presence_context_size))) z[id] -= params.presence_penalty;
  }
  if (params.frequency_penalty) {
    for (const [id, count] of countsOf(last(tokens, params.frequency_context_size))) {
      z[id] -= count * params.frequency_penalty;
    }
  }
  const { temp = 0, top_p = 0, min_p = 0, top_k = 0, xtc_probability: chance = 0 } = params;
  if (temp === 0) return argmax(z);
  if (top_p > 0 && top_p < 1) z = ascendingTopP(z, top_p);
  if (min_p !== 0) z = atLeast(z, minP(z, min_p), params.min_tokens_to_keep ?? 1);
  const rest = (y) => {
    let kept = y;
    if (top_k > 0) {
      const best = new Set(
        y
          .map((_, id) => id)
          .sort((a, b) => y[b] - y[a] || a - b)
          .slice(0, top_k),
      );
      kept = drop(y, (_, id) => !best.has(id));
    }
    return softmax(kept.map((v) => v * (1 / temp)));
  };
  if (chance === 0) return rest(z);
  const [without, fired] = [rest(z), rest(xtc(z, params.xtc_threshold ?? 0.1))];
  return without.map((p, id) => (1 - chance) * p + chance * fired[id]);
}

/** A filter that leaves the first `least` alone. */
function atLeast(z, filtered, least) {
  const best = new Set(
    z
      .map((_, id) => id)
      .sort((a, b) => z[b] - z[a] || a - b)
      .slice(0, least),
  );
  return z.map((v, id) => (best.has(id) ? v : filtered[id]));
}
