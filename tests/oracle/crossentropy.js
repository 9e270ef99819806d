/**
 * Cross-entropy of one row and its gradient, from the definitions. `target` is an id or an array of probabilities.
 */
import { effectiveTemperature, logSoftmax, softmax } from './softmax.js';

/** What is right, as probabilities after smoothing. */
export function smoothed(target, n, labelSmoothing = 0) {
  const hard =
    typeof target === 'number' ? Array.from({ length: n }, (_, i) => Number(i === target)) : target;
  return Array.from(hard, (t) => t * (1 - labelSmoothing) + labelSmoothing / n);
}

export function crossEntropy(x, target, options = {}) {
  const right = smoothed(target, x.length, options.labelSmoothing);
  const logs = logSoftmax(x, options);
  return right.reduce((sum, t, i) => (t > 0 ? sum - t * logs[i] : sum), 0);
}

export function crossEntropyBackward(x, target, options = {}) {
  const right = smoothed(target, x.length, options.labelSmoothing);
  const mass = right.reduce((a, b) => a + b, 0);
  const T = effectiveTemperature(options);
  return Array.from(softmax(x, options), (p, i) => (p * mass - right[i]) / T);
}

/** -d/dT of sum t (x/T - ln sum e^(x/T)), differentiated by hand: over the logits themselves, not their depths. */
export function crossEntropyTemperatureGrad(x, target, options = {}) {
  const right = smoothed(target, x.length, options.labelSmoothing);
  const mass = right.reduce((a, b) => a + b, 0);
  const { temperature: T = 1 } = options;
  const open = (v) => (v > -Infinity ? v : 0);
  const mean = softmax(x, options).reduce((sum, p, i) => sum + p * open(x[i]), 0);
  return right.reduce((sum, t, i) => sum + t * open(x[i]), -mass * mean) / T ** 2;
}
