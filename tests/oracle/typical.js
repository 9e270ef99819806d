import { statistics } from './statistics.js';

/**
 * Locally typical sampling (Meister et al. 2022): by how far -ln p is from the entropy, the nearest first, up to and
 * including the one whose mass crosses typicalP, and no fewer than minKeep. Among equals the likelier, then the lower id.
 *
 * @param {import('./chain.js').State} state
 */
export function typical(state, { options }) {
  const p = options.typicalP ?? 1;
  if (p >= 1) return;
  const { logs, weights, logTotal, entropy } = statistics(state);
  const far = logs.map((v) => Math.abs(logTotal - v - entropy));
  const order = far.map((_, i) => i).sort((a, b) => far[a] - far[b] || a - b);
  const total = weights.reduceRight((a, b) => a + b, 0);
  let before = 0;
  let count = 0;
  for (; count < order.length; count++) {
    if (count >= (options.minKeep ?? 1)) {
      state.margin = Math.min(state.margin, Math.abs(before / total - p));
      if (before >= p * total) break;
    }
    before += weights[order[count]];
  }
  if (count < order.length) {
    const [inside, outside] = [order[count - 1], order[count]];
    if (logs[inside] !== logs[outside]) state.margin = Math.min(state.margin, far[outside] - far[inside]);
  }
  const kept = new Set(order.slice(0, count));
  state.survivors = state.survivors.filter((_, i) => kept.has(i));
}
