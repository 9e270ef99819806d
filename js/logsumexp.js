import { LK } from '../dist/abi.js';
import { f64 } from './arena.js';
import { core } from './instance.js';
import { namesOf, Rows } from './rows.js';

const NAMES = ['temperature', 'base', 'rows', 'dtype'];

/** @typedef {import('./rows.js').RowOptions & import('./rows.js').TemperatureOptions} LogSumExpOptions */

/**
 * ln(sum over i of e^(x_i / T)), in nats: the normaliser of `softmax`, free of overflow. -Infinity when all logits are
 * masked. For T = 0 and ±Infinity the limit of the sum: +Infinity, -Infinity or 0 by the sign of the maximum (the
 * logarithm of how many maxima there are where it is 0), and the logarithm of how many logits are unmasked. With `rows`
 * one for each row; only then there can be an `out`.
 *
 * @example
 * logSumExp([1000, 1000]); // 1000.6931471805599
 *
 * @template {number | undefined} [R=undefined]
 * @param {import('./read.js').Row} x logits
 * @param {LogSumExpOptions & { rows?: R } & (R extends number ? import('./rows.js').OutOptions : unknown)} [options]
 * @returns {R extends number ? Float32Array : number}
 * @throws {LogitsError} NaN, or no logits
 * @throws {TypeError | RangeError} arguments
 */
export function logSumExp(x, options) {
  const input = new Rows('logSumExp', x, options, namesOf(options, NAMES));
  const lk = core();
  return input.reduce((r, T) => {
    const at = input.load(r, T);
    const status = lk.lk_logsumexp(at, input.n, T * input.shifted.scale, input.cell, input.work);
    if (status !== LK.OK) throw input.fail(r, status, at);
    return unshifted(f64[input.cell >>> 3], input.shifted.shift, T);
  });
}

/** The value for x, from the one for x - shift. @param {number} value @param {number} shift @param {number} T */
function unshifted(value, shift, T) {
  if (shift === 0 || value - value !== 0) return value;
  return T === 0 ? shift * Infinity : value + shift / T;
}
