import { below, gaussian, random, shuffle } from './random.js';

/** Lengths at which a block, a vector or a padding rule changes, and the vocabularies of models in use. */
export const SIZES = [1, 2, 3, 15, 16, 17, 63, 64, 65, 111, 32000, 128256, 151936, 262144];

/** Normal logits around 0. */
export function normal(n, seed, deviation = 1) {
  const next = gaussian(random(seed));
  return Float32Array.from({ length: n }, () => deviation * next());
}

/**
 * What a model is usually sure of: a body N(0, 2.5) that holds about 3 % of the mass, and ten peaks, each 0.78 of the
 * one before, that hold the rest.
 */
export function peaked(n, seed) {
  const row = normal(n, seed, 2.5);
  let body = 0;
  for (const x of row) body += Math.exp(x);
  const peaks = Math.min(10, n);
  let total = 0;
  for (let i = 0; i < peaks; i++) total += 0.78 ** i;
  const next = random(seed ^ 0x5bd1e995);
  const taken = new Set();
  for (let i = 0; i < peaks; i++) {
    let id = below(next, n);
    while (taken.has(id)) id = (id + 1) % n;
    taken.add(id);
    row[id] = Math.log((body * (0.97 / 0.03) * 0.78 ** i) / total);
  }
  return row;
}

/** Probabilities proportional to rank^-1.1, in shuffled places. */
export function zipf(n, seed) {
  const row = new Float32Array(n);
  for (let i = 0; i < n; i++) row[i] = -1.1 * Math.log(i + 1);
  return shuffle(row, random(seed));
}

/** Nearly uniform: N(0, 0.3). */
export function flat(n, seed) {
  return normal(n, seed, 0.3);
}

/** Few distinct values, so that ties stand at every boundary. */
export function tied(n, seed, values = 5) {
  const next = random(seed);
  return Float32Array.from({ length: n }, () => below(next, values) - 2);
}

/** The kinds of rows that resemble a language model's, by name. */
export const KINDS = { peaked, zipf, flat };
