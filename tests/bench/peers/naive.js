/** Plain JavaScript as people write it: clear, short, arrays of objects, a sort over the vocabulary. */

export function softmax(logits, temperature = 1) {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exps = logits.map((x) => Math.exp((x - max) / temperature));
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((x) => x / sum);
}

export function logSumExp(logits) {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return max + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - max), 0));
}

export function logSoftmax(logits) {
  const shift = logSumExp(logits);
  return logits.map((x) => x - shift);
}

export function argmax(logits) {
  return logits.reduce((best, x, i) => (x > logits[best] ? i : best), 0);
}

function pick(probs) {
  let r = Math.random();
  for (let i = 0; i < probs.length; i++) {
    r -= probs[i];
    if (r < 0) return i;
  }
  return probs.length - 1;
}

/** Penalty, temperature, top-k, top-p, min-p, draw. */
export function draw(
  logits,
  { temperature = 1, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1, history = [] },
) {
  let row = logits;
  if (repetitionPenalty !== 1) {
    row = logits.slice();
    for (const id of new Set(history)) {
      row[id] = row[id] > 0 ? row[id] / repetitionPenalty : row[id] * repetitionPenalty;
    }
  }
  if (topK === 0 && topP === 1 && minP === 0) return pick(softmax(row, temperature));

  const probs = softmax(row, temperature);
  let tokens = Array.from(probs, (prob, id) => ({ id, prob })).sort((a, b) => b.prob - a.prob);
  if (topK > 0) tokens = tokens.slice(0, topK);
  if (topP < 1) {
    const total = tokens.reduce((sum, token) => sum + token.prob, 0);
    let mass = 0;
    const end = tokens.findIndex((token) => {
      mass += token.prob;
      return mass >= topP * total;
    });
    if (end >= 0) tokens = tokens.slice(0, end + 1);
  }
  if (minP > 0) tokens = tokens.filter((token) => token.prob >= minP * tokens[0].prob);
  const total = tokens.reduce((sum, token) => sum + token.prob, 0);
  return tokens[pick(tokens.map((token) => token.prob / total))].id;
}
