import { logits, room } from './doubles.js';
import { Law } from './law.js';
import { namesOf, Rows } from './rows.js';

const NAMES = ['temperature', 'base', 'rows', 'dtype'];

/** @typedef {import('./rows.js').RowOptions & import('./rows.js').TemperatureOptions} KlDivergenceOptions */

/**
 * KL(softmax(x / T) || softmax(y / T)), in nats: the sum of p ln(p / q) (Kullback and Leibler 1951), where 0 ln 0 is 0.
 * Both arguments are logits. Never below 0; Infinity where x has mass that y lacks. Masks, infinite logits, temperatures
 * and `base` mean for each of the two what they mean in `softmax`. Computed in float64: the divergence of nearly equal
 * rows keeps its digits.
 *
 * @example
 * klDivergence([1, 2, 3], [1, 2, 3]); // 0
 * klDivergence([0, 0], [0, -Infinity]); // Infinity
 *
 * @template {number | undefined} [R=undefined]
 * @param {import('./read.js').Row} x logits
 * @param {import('./read.js').Row} y logits, as many as x has
 * @param {KlDivergenceOptions & { rows?: R } & (R extends number ? import('./rows.js').OutOptions : unknown)} [options]
 * @returns {R extends number ? Float32Array : number} nats; with `rows` one for each row
 * @throws {LogitsError} NaN, no logits, or all of a row masked
 * @throws {TypeError | RangeError} arguments
 */
export function klDivergence(x, y, options) {
  const input = new Rows('klDivergence', x, options, namesOf(options, NAMES));
  const other = input.beside('y', y);
  const p = new Law();
  const q = new Law();
  return input.reduce((r, T) => {
    // The weights of y only give their sum: those of x take their place.
    q.weigh(other, r, T, logits(other, r, 2), room(other, 1));
    p.of(input, r, T);
    const { depth } = p;
    const far = q.depth;
    const sum = p.expect((i) => far[i] - depth[i]) + (q.lnTotal - p.lnTotal);
    return sum > 0 ? sum : 0;
  });
}
