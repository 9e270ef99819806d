import { Law } from './law.js';
import { namesOf, Rows } from './rows.js';

const NAMES = ['temperature', 'base', 'rows', 'dtype'];

/** @typedef {import('./rows.js').RowOptions & import('./rows.js').TemperatureOptions} EntropyOptions */

/**
 * The entropy of softmax(x / T), in nats: -sum of p ln p (Shannon 1948), where 0 ln 0 is 0. From 0, where one token has
 * all mass, to ln n. Masks, infinite logits, temperatures and `base` mean what they mean in `softmax`. Computed in
 * float64; what is near 0 keeps its digits.
 *
 * @example
 * entropy([2, 2, 2, 2]); // 1.3862943611198906, which is ln 4
 * entropy([1, 5, 6, 3]); // 0.7405
 *
 * @template {number | undefined} [R=undefined]
 * @param {import('./read.js').Row} x logits
 * @param {EntropyOptions & { rows?: R } & (R extends number ? import('./rows.js').OutOptions : unknown)} [options]
 * @returns {R extends number ? Float32Array : number} nats; with `rows` one for each row
 * @throws {LogitsError} NaN, no logits, or all of them masked
 * @throws {TypeError | RangeError} arguments
 */
export function entropy(x, options) {
  const input = new Rows('entropy', x, options, namesOf(options, NAMES));
  const law = new Law();
  return input.reduce((r, T) => law.of(input, r, T).lnTotal + law.mean);
}
