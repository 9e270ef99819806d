import { HIGHEST, LOWEST } from './check.js';
import { each, slopes, values } from './doubles.js';
import { Law } from './law.js';
import { namesOf, Rows } from './rows.js';

const NAMES = ['temperature', 'base', 'out', 'rows', 'dtype'];
const GRAD_NAMES = ['temperature', 'rows', 'dtype'];
const FINITE = { min: LOWEST, max: HIGHEST };
const PROBS = { min: 0, max: HIGHEST };

/**
 * @typedef {import('./softmax.js').SoftmaxOptions} SoftmaxBackwardOptions
 * @typedef {import('./rows.js').RowOptions & Pick<import('./rows.js').TemperatureOptions, 'temperature'>}
 *   SoftmaxGradOptions
 */

/**
 * The gradient with respect to the logits, from the probabilities p = softmax(x / T) and the gradient g with respect to
 * them: p (g - sum of p g) / T. What is masked gets 0, and so does all for T = ±Infinity, where no logit matters.
 * Computed in float64, rounded once.
 *
 * @example
 * softmaxBackward(softmax([1, 5, 6, 3]), [0, 0, 1, 0]); // [-0.0033, -0.1813, 0.2092, -0.0245]
 *
 * @param {import('./read.js').Row} probs probabilities
 * @param {import('./read.js').Row} gradOut the gradient with respect to each, finite
 * @param {SoftmaxBackwardOptions} [options]
 * @returns {Float32Array} of the length of probs; `out` if given, which may be one of the two and is as before after an
 *   error
 * @throws {LogitsError} no probabilities
 * @throws {TypeError | RangeError} arguments: a probability below 0, what is NaN or infinite, a temperature of 0 (where
 *   there is no gradient) among them
 */
export function softmaxBackward(probs, gradOut, options) {
  const input = new Rows('softmaxBackward', probs, options, NAMES, 'probs');
  const outer = input.beside('gradOut', gradOut);
  return each(
    input,
    (r, T) => {
      const p = values(input, r, 0, PROBS);
      const g = values(outer, r, 1, FINITE);
      let mean = 0;
      for (let i = 0; i < p.length; i++) mean += p[i] * g[i];
      for (let i = 0; i < p.length; i++) p[i] = (p[i] * (g[i] - mean)) / T + 0;
      return p;
    },
    slopes(input),
  );
}

/**
 * The derivative with respect to the temperature of whatever has the gradient g with respect to p = softmax(x / T):
 * the covariance of g and (max - x) / T under p, divided by T. With `rows` one for each row and its own temperature; that
 * of a temperature which is common to all is their sum. 0 for T = ±Infinity. Computed in float64.
 *
 * @example
 * softmaxTemperatureGrad([1, 5, 6, 3], [0, 0, 1, 0]); // -0.2715
 *
 * @template {number | undefined} [R=undefined]
 * @param {import('./read.js').Row} x logits
 * @param {import('./read.js').Row} gradOut the gradient with respect to each probability, finite
 * @param {SoftmaxGradOptions & { rows?: R } & (R extends number ? import('./rows.js').OutOptions : unknown)} [options]
 * @returns {R extends number ? Float32Array : number} per unit of temperature
 * @throws {LogitsError} NaN among the logits, no logits, or all of a row masked
 * @throws {TypeError | RangeError} arguments: a gradient that is NaN or infinite, a temperature of 0 (where there is no
 *   gradient) among them
 */
export function softmaxTemperatureGrad(x, gradOut, options) {
  const input = new Rows('softmaxTemperatureGrad', x, options, namesOf(options, GRAD_NAMES));
  const outer = input.beside('gradOut', gradOut);
  const law = new Law();
  return input.reduce((r, T) => {
    const { depth, mean } = law.of(input, r, T);
    const g = values(outer, r, 2, FINITE);
    const middle = law.expect((i) => g[i]);
    return law.expect((i) => (depth[i] - mean) * (g[i] - middle)) / T;
  }, slopes(input));
}
