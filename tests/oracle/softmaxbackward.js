import { effectiveTemperature, softmax } from './softmax.js';

/** The gradient by the whole Jacobian of softmax: dp_j / dx_i = p_j ((i = j) - p_i) / T. */
export function softmaxBackward(probs, gradOut, options) {
  const T = effectiveTemperature(options);
  return Array.from(probs, (_, i) =>
    Array.from(probs).reduce((sum, p, j) => sum + (gradOut[j] * p * (Number(i === j) - probs[i])) / T, 0),
  );
}

/** By dp_j / dT = -sum over i of dp_j / dx_i x_i / T. */
export function softmaxTemperatureGrad(x, gradOut, options = {}) {
  const { temperature: T = 1 } = options;
  const backward = softmaxBackward(softmax(x, options), gradOut, options);
  return backward.reduce((sum, g, i) => (x[i] > -Infinity ? sum - (g * x[i]) / T : sum), 0);
}
