import { logWeights } from './softmax.js';

/**
 * What the thresholds need of the survivors under their temperature: `logs`, relative to the likeliest; `weights`,
 * their exponentials; `probs`; `logTotal` = ln of the sum of weights; `entropy` in nats; `logSquares` = ln of the sum
 * of squared weights.
 *
 * @param {import('./chain.js').State} state
 */
export function statistics({ survivors, temperature }) {
  const logs = logWeights(
    survivors.map(({ x }) => x),
    temperature,
  );
  const weights = logs.map((v) => Math.exp(v));
  const total = weights.reduceRight((a, b) => a + b, 0);
  const logTotal = Math.log(total);
  const probs = weights.map((v) => v / total);
  const entropy = probs.reduceRight((h, p, i) => (p > 0 ? h - p * (logs[i] - logTotal) : h), 0);
  const logSquares = Math.log(weights.reduceRight((a, b) => a + b * b, 0));
  return { logs, weights, probs, logTotal, entropy, logSquares };
}
