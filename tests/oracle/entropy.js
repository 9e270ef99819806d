import { logSoftmax } from './softmax.js';

/** -sum of p ln p, in nats. */
export function entropy(x, options) {
  return logSoftmax(x, options).reduce((sum, log) => (log > -Infinity ? sum - Math.exp(log) * log : sum), 0);
}
