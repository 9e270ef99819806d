import { values } from './doubles.js';
import { core } from './instance.js';
import { Rows } from './rows.js';

const LOGPROBS = { min: -Infinity, max: 0 };

/**
 * exp(-mean of the log-probabilities): how many equally likely tokens would have surprised as much. Computed in float64;
 * Infinity where a token had probability 0, or the result is beyond float64.
 *
 * @example
 * perplexity([-0.6931471805599453, -0.6931471805599453]); // 2
 *
 * @param {Float32Array | Float64Array | readonly number[]} logprobs of the tokens of a text, in nats, each <= 0
 * @returns {number} >= 1
 * @throws {LogitsError} no log-probabilities
 * @throws {TypeError | RangeError} arguments, NaN and what is above 0 among them
 */
export function perplexity(logprobs) {
  const input = new Rows('perplexity', logprobs, undefined, [], 'logprobs');
  input.open();
  const logs = values(input, 0, 0, LOGPROBS);
  logs[0] = logs.reduce((a, b) => a + b, 0) / logs.length;
  core().lk_weigh(logs.byteOffset, 1, 0, logs.byteOffset, input.cell);
  return logs[0];
}
