/**
 * A second transcription of rules that llama.cpp publishes (llama-sampler.cpp and common/sampling.cpp of 2026-08), for
 * what the golden data does not have: T <= 0, mirostat, adaptive-p and min_keep. It shares nothing with the oracle: a
 * list of candidates that each sampler changes, all in float32, as llama.cpp's own code goes about it. It was not
 * compared with a run of llama.cpp.
 */

const f = Math.fround;

/** @typedef {{ id: number, logit: number, p: number }} Candidate */

/** @param {ArrayLike<number>} row @returns {Candidate[]} */
export function candidates(row) {
  return Array.from(row, (logit, id) => ({ id, logit, p: 0 }));
}

/** Sorts by logit and fills in the probabilities. */
export function softmax(list) {
  list.sort((a, b) => b.logit - a.logit || a.id - b.id);
  let sum = 0;
  for (const c of list) {
    c.p = f(Math.exp(f(c.logit - list[0].logit)));
    sum = f(sum + c.p);
  }
  for (const c of list) c.p = f(c.p / sum);
  return list;
}

/** T <= 0: the first of the largest keeps its logit, all others are banned. */
export function temp(list, t) {
  if (t <= 0) {
    let best = 0;
    for (let i = 1; i < list.length; i++) if (list[i].logit > list[best].logit) best = i;
    list.forEach((c, i) => {
      if (i !== best) c.logit = Number.NEGATIVE_INFINITY;
    });
  } else {
    for (const c of list) c.logit = f(c.logit / f(t));
  }
  return list;
}

export function topP(list, p, minKeep) {
  softmax(list);
  let sum = 0;
  for (let i = 0; i < list.length; i++) {
    sum = f(sum + list[i].p);
    if (sum >= p && i + 1 >= minKeep) return list.slice(0, i + 1);
  }
  return list;
}

export function minP(list, p, minKeep) {
  const sorted = [...list].sort((a, b) => b.logit - a.logit || a.id - b.id);
  const bound = f(sorted[0].logit + f(Math.log(f(p))));
  let i = 1;
  while (i < sorted.length && (sorted[i].logit >= bound || i < minKeep)) i++;
  return sorted.slice(0, i);
}

export function typical(list, p, minKeep) {
  softmax(list);
  let entropy = 0;
  for (const c of list) if (c.p > 0) entropy = f(entropy - f(c.p * f(Math.log(c.p))));
  const scored = list.map((c) => ({ c, score: f(Math.abs(f(-Math.log(c.p)) - entropy)) }));
  scored.sort((a, b) => a.score - b.score);
  let sum = 0;
  for (let i = 0; i < scored.length; i++) {
    sum = f(sum + scored[i].c.p);
    if (sum > p && (minKeep === 0 || i >= minKeep - 1)) return scored.slice(0, i + 1).map(({ c }) => c);
  }
  return list;
}

/** When it fires. */
export function xtc(list, threshold, minKeep) {
  if (threshold > 0.5 || list.length < 2) return list;
  softmax(list);
  let last = 0;
  for (let i = 0; i < list.length && list[i].p >= threshold; i++) last = i;
  return list.length - last >= minKeep && last > 0 ? list.slice(last) : list;
}

/** Mirostat 2: what is left, and mu after a token was picked. */
export function mirostat2(list, mu) {
  softmax(list);
  const end = list.findIndex((c) => f(-Math.log2(c.p)) > mu);
  return softmax(list.slice(0, end < 0 ? list.length : Math.max(1, end)));
}

/** Mirostat 1 with m = 100. */
export function mirostat1(list, mu, vocabulary) {
  softmax(list);
  let products = 0;
  let squares = 0;
  for (let i = 0; i < 99 && i < list.length - 1; i++) {
    const t = f(Math.log(f((i + 2) / (i + 1))));
    const b = f(Math.log(f(list[i].p / list[i + 1].p)));
    products = f(products + f(t * b));
    squares = f(squares + f(t * t));
  }
  const s = f(products / squares);
  const e = f(s - 1);
  const k = ((e * 2 ** mu) / (1 - vocabulary ** -e)) ** (1 / s);
  return softmax(list.slice(0, Math.max(1, Math.trunc(k))));
}

/** mu, after the token of this candidate was picked. */
export function learn(mu, picked, tau, eta) {
  return f(mu - f(eta * f(f(-Math.log2(picked.p)) - tau)));
}

/** Adaptive-p: leaves the transformed distribution, and keeps the one before in `original`. */
export function adaptiveP(list, { target, sum, weight }) {
  softmax(list);
  for (const c of list) c.original = c.p;
  const clamp = (v) => Math.min(1, Math.max(0, v));
  const adapted = clamp(weight === 0 ? clamp(target) : f(f(2 * f(target)) - f(sum / weight)));
  for (const c of list) {
    if (c.logit === Number.NEGATIVE_INFINITY) continue;
    const distance = Math.abs(f(f(c.p - adapted) * f(1 / f(0.3))));
    c.logit = f(5 - f(f(10 * f(distance * distance)) / f(1 + distance)));
  }
  return softmax(list);
}
