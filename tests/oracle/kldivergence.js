import { logSoftmax } from './softmax.js';

/** Sum of p ln(p / q), in nats; Infinity where p has mass that q lacks. */
export function klDivergence(x, y, options) {
  const other = logSoftmax(y, options);
  return logSoftmax(x, options).reduce(
    (sum, log, i) => (log > -Infinity ? sum + Math.exp(log) * (log - other[i]) : sum),
    0,
  );
}
