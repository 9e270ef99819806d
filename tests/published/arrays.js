// Engines that do not run here, transcribed a second time from their published rules, as programs over dense float64
// arrays under the engine's own parameter names. They import nothing from js/ and share nothing with tests/oracle/.
const NONE = Number.NEGATIVE_INFINITY;

/** Probabilities of logits. */
export function softmax(z) {
  const max = Math.max(...z);
  const e = z.map((v) => (v === NONE ? 0 : Math.exp(v - max)));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / total);
}

/** All mass on the first of the largest. */
export function argmax(z) {
  const best = z.indexOf(Math.max(...z));
  return z.map((_, id) => (id === best ? 1 : 0));
}

/** Masks what `gone` says. */
export const drop = (z, gone) => z.map((v, id) => (gone(v, id) ? NONE : v));

/** Ids from the least logit to the greatest; of equals the later id counts as less. */
export const ascending = (z) => z.map((_, id) => id).sort((a, b) => z[a] - z[b] || b - a);

/** Top-p as PyTorch engines write it: over the ascending row, what lies within the first 1 - p goes, never the last. */
export function ascendingTopP(z, p) {
  const order = ascending(z);
  const probs = softmax(z);
  const gone = new Set();
  let sum = 0;
  for (const id of order.slice(0, -1)) {
    sum += probs[id];
    if (sum <= 1 - p) gone.add(id);
  }
  return drop(z, (_, id) => gone.has(id));
}

/** Top-k by the value of the k-th: its equals stay. */
export function topKByValue(z, k) {
  const kth = z.toSorted((a, b) => b - a)[Math.min(k, z.length) - 1];
  return drop(z, (v) => v < kth);
}

export function minP(z, p) {
  const probs = softmax(z);
  const least = p * Math.max(...probs);
  return drop(z, (_, id) => probs[id] < least);
}

/** Keskar et al., once for each token of a set. */
export const repetition = (z, seen, r) => z.map((v, id) => (seen.has(id) ? (v < 0 ? v * r : v / r) : v));

export function countsOf(tokens) {
  const counts = new Map();
  for (const t of tokens) counts.set(t, (counts.get(t) ?? 0) + 1);
  return counts;
}

/** Tokens whose bit is 0, and those behind the last word. */
export const masked = (z, mask) => (mask ? drop(z, (_, id) => !((mask[id >> 5] >> (id & 31)) & 1)) : z);

/** What a no-repeat rule and a list of bad words ban after these tokens. */
export function ngramBans(tokens, n) {
  const bans = new Set();
  if (n < 1) return bans;
  const end = n > 1 ? tokens.slice(-(n - 1)) : [];
  if (tokens.length < n - 1) return bans;
  for (let i = 0; i + n <= tokens.length; i++) {
    if (end.every((t, j) => tokens[i + j] === t)) bans.add(tokens[i + n - 1]);
  }
  return bans;
}

export function wordBans(tokens, words) {
  const bans = new Set();
  for (const word of words) {
    const start = word.slice(0, -1);
    if (start.length > tokens.length) continue;
    if (start.every((t, j) => tokens[tokens.length - start.length + j] === t)) bans.add(word.at(-1));
  }
  return bans;
}
