import { each, slopes } from './doubles.js';
import { Law } from './law.js';
import { namesOf, Rows } from './rows.js';
import { Targets } from './targets.js';

const TARGET = ['labelSmoothing', 'reduction', 'temperature', 'rows', 'dtype'];
const NAMES = ['base', ...TARGET];
const WITH_OUT = ['out', ...NAMES];

/**
 * @typedef {import('./targets.js').Target} Target
 * @typedef {import('./targets.js').Reduction} Reduction
 * @typedef {import('./rows.js').RowOptions & import('./targets.js').TargetOptions} CrossEntropyOnly
 * @typedef {CrossEntropyOnly & import('./rows.js').TemperatureOptions} CrossEntropyOptions
 * @typedef {CrossEntropyOptions & import('./rows.js').OutOptions} CrossEntropyBackwardOptions
 * @typedef {CrossEntropyOnly & Pick<import('./rows.js').TemperatureOptions, 'temperature'>} CrossEntropyGradOptions
 */

/**
 * The loss -sum of t ln softmax(x / T), in nats: t is 1 at the target's id, or the target's probabilities; with label
 * smoothing e (Szegedy et al. 2016) it is (1 - e) t + e / n. The options and their meaning are those of PyTorch's
 * `cross_entropy`; other than there, what has t = 0 adds nothing even where it is masked, and a mean over rows that are
 * all ignored is an error instead of NaN. Infinity where t is above 0 and the probability is 0. Probabilities of a target
 * need not sum to 1, as in PyTorch. Computed in float64; a loss near 0 keeps its digits.
 *
 * Masks, infinite logits, temperatures and `base` mean what they mean in `softmax`.
 *
 * @example
 * crossEntropy([1, 5, 6, 3], 2); // 0.3538
 * crossEntropy([1, 5, 6, 3], 2, { labelSmoothing: 0.1 });
 * crossEntropy([1, 5, 6, 3], [0, 0.5, 0.5, 0]);
 * crossEntropy([1, 5, 6, 3, 2, 2, 0, 1], Int32Array.of(2, -100), { rows: 2, reduction: 'sum' });
 *
 * @template {number | undefined} [R=undefined]
 * @template {Reduction} [D='mean']
 * @param {import('./read.js').Row} x logits
 * @param {Target} target
 * @param {CrossEntropyOptions & { rows?: R, reduction?: D }
 *   & (R extends number ? D extends 'none' ? import('./rows.js').OutOptions : unknown : unknown)} [options]
 * @returns {R extends number ? D extends 'none' ? Float32Array : number : number} nats; with `rows` and the reduction
 *   'none' one for each row, 0 for those that are ignored
 * @throws {LogitsError} NaN among the logits, no logits, or all of a row masked
 * @throws {TypeError | RangeError} arguments: an id that is no logit's, a probability below 0, infinite or NaN among them
 */
export function crossEntropy(x, target, options) {
  const none = options?.reduction === 'none';
  const input = new Rows('crossEntropy', x, options, none ? namesOf(options, NAMES) : NAMES);
  const targets = new Targets(input, target);
  const law = new Law();
  const loss = (/** @type {number} */ r, /** @type {number} */ T) => {
    const { depth, lnTotal } = law.of(input, r, T);
    const right = targets.write(r, 2);
    let sum = 0;
    if (right)
      for (let i = 0; i < right.length; i++) if (right[i] > 0) sum += right[i] * (depth[i] + lnTotal);
    return sum;
  };
  if (none) return input.reduce(loss);
  return /** @type {any} */ (input.numbers(loss).reduce((a, b) => a + b, 0) * targets.share);
}

/**
 * The gradient of `crossEntropy` with respect to the logits: (softmax(x / T) sum(t) - t) / T, times what the row counts
 * for in the mean. With the reductions 'sum' and 'none' that of each row's own loss. 0 in rows that are ignored, and for
 * T = ±Infinity, where no logit matters. What is masked has probability 0.
 *
 * @example
 * crossEntropyBackward([1, 5, 6, 3], 2); // [0.0047, 0.2583, -0.2980, 0.0350]
 *
 * @param {import('./read.js').Row} x logits
 * @param {Target} target
 * @param {CrossEntropyBackwardOptions} [options]
 * @returns {Float32Array} nats per logit, of the length of x; `out` if given, which is as before after an error
 * @throws {LogitsError | TypeError | RangeError} as `crossEntropy`; a temperature of 0, where there is no gradient
 */
export function crossEntropyBackward(x, target, options) {
  const input = new Rows('crossEntropyBackward', x, options, WITH_OUT);
  const targets = new Targets(input, target);
  const law = new Law();
  return each(
    input,
    (r, T) => {
      const { weight, total } = law.of(input, r, T);
      const right = targets.write(r, 2);
      if (!right) return weight.fill(0);
      const norm = right.reduce((a, b) => a + b, 0) / total;
      for (let i = 0; i < right.length; i++)
        weight[i] = ((weight[i] * norm - right[i]) * targets.share) / T + 0;
      return weight;
    },
    slopes(input),
  );
}

/**
 * The derivative of `crossEntropy` with respect to the temperature, whose zero is the temperature that calibrates best
 * (Guo et al. 2017): (sum(t) mean - sum of t (max - x) / T) / T, times what the row counts for in the mean, where the mean
 * of (max - x) / T is that under softmax(x / T). With `rows` one for each row and its own temperature; that of a
 * temperature which is common to all is their sum. 0 for T = ±Infinity; elsewhere infinite where the loss is.
 *
 * @example
 * crossEntropyTemperatureGrad([1, 5, 6, 3], 2); // 0.3868
 *
 * @template {number | undefined} [R=undefined]
 * @param {import('./read.js').Row} x logits
 * @param {Target} target
 * @param {CrossEntropyGradOptions & { rows?: R } & (R extends number ? import('./rows.js').OutOptions : unknown)} [options]
 * @returns {R extends number ? Float32Array : number} nats per unit of temperature
 * @throws {LogitsError | TypeError | RangeError} as `crossEntropy`; a temperature of 0, where there is no gradient
 */
export function crossEntropyTemperatureGrad(x, target, options) {
  const input = new Rows('crossEntropyTemperatureGrad', x, options, namesOf(options, TARGET));
  const targets = new Targets(input, target);
  const law = new Law();
  return input.reduce((r, T) => {
    const { depth, mean } = law.of(input, r, T);
    const right = targets.write(r, 2);
    if (!right || T - T !== 0) return 0;
    let sum = 0;
    for (let i = 0; i < right.length; i++) if (right[i] > 0) sum += right[i] * (mean - depth[i]);
    return (sum * targets.share) / T;
  }, slopes(input));
}
