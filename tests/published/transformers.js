// Hugging Face transformers: generation/utils.py (_get_logits_processor) and logits_process.py; one sequence, no beams.
import {
  argmax,
  ascendingTopP,
  drop,
  masked,
  minP,
  ngramBans,
  repetition,
  softmax,
  topKByValue,
  wordBans,
} from './arrays.js';

const surprise = (p) => (p > 0 ? -Math.log(p) : Number.POSITIVE_INFINITY);
const entropy = (probs) => probs.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);

function topH(z, share) {
  const best = z
    .map((_, id) => id)
    .filter((id) => z[id] > Number.NEGATIVE_INFINITY)
    .sort((a, b) => z[b] - z[a] || a - b)
    .slice(0, 100);
  const probs = softmax(best.map((id) => z[id]));
  const most = share * entropy(probs);
  let sum = 0;
  const kept = best.filter((_, i) => {
    sum += probs[i] > 0 ? -probs[i] * Math.log(probs[i]) : 0;
    return i === 0 || sum <= most;
  });
  return drop(z, (_, id) => !kept.includes(id));
}

function typical(z, mass) {
  const probs = softmax(z);
  const h = entropy(probs);
  const shift = probs.map((p) => Math.abs(surprise(p) - h));
  const order = z.map((_, id) => id).sort((a, b) => shift[a] - shift[b]);
  let below = 0;
  let sum = 0;
  for (const id of order) {
    sum += probs[id];
    if (sum < mass) below++;
  }
  const last = shift[order[Math.min(below, order.length - 1)]];
  return drop(z, (_, id) => shift[id] > last);
}

/** Removes what is less likely than `least`, but never the likeliest. */
function cutoff(z, least) {
  const probs = softmax(z);
  const max = Math.max(...z);
  return drop(z, (v, id) => probs[id] < least && v < max);
}

export function transformers(row, params, { prompt, output, mask }) {
  const ids = [...prompt, ...output];
  let z = Array.from(row);
  for (const [tokens, b] of params.sequence_bias ?? []) {
    const last = tokens.at(-1);
    if (wordBans(ids, [tokens]).has(last)) z[last] += b;
  }
  z = repetition(z, new Set(ids), params.repetition_penalty ?? 1);
  const bans = ngramBans(ids, params.no_repeat_ngram_size ?? 0);
  for (const id of wordBans(ids, params.bad_words_ids ?? [])) bans.add(id);
  z = drop(z, (_, id) => bans.has(id));
  const stops = [params.eos_token_id ?? []].flat();
  if (output.length < (params.min_new_tokens ?? 0)) z = drop(z, (_, id) => stops.includes(id));
  if (params.exponential_decay_length_penalty) {
    const [start, factor] = params.exponential_decay_length_penalty;
    const over = output.length - start;
    for (const id of stops) {
      // Of a banned one it makes NaN there.
      if (over > 0 && z[id] > Number.NEGATIVE_INFINITY) z[id] += Math.abs(z[id]) * (factor ** over - 1);
    }
  }
  z = drop(z, (_, id) => (params.suppress_tokens ?? []).includes(id));
  z = masked(z, mask);
  if (!params.do_sample) return argmax(z);
  z = z.map((v) => v / (params.temperature ?? 1));
  if (params.top_h != null) z = topH(z, params.top_h);
  if ((params.top_k ?? 50) > 0) z = topKByValue(z, params.top_k ?? 50);
  if ((params.top_p ?? 1) < 1) z = ascendingTopP(z, params.top_p);
  if (params.min_p != null) z = minP(z, params.min_p);
  if ((params.typical_p ?? 1) < 1) z = typical(z, params.typical_p);
  if (params.epsilon_cutoff > 0) z = cutoff(z, params.epsilon_cutoff);
  if (params.eta_cutoff > 0) {
    const eta = params.eta_cutoff;
    z = cutoff(z, Math.min(eta, Math.sqrt(eta) * Math.exp(-entropy(softmax(z)))));
  }
  return softmax(z);
}
