/** How long a token takes on this device: the library against a plain loop, over the same row. */
import { Sampler } from 'logitkit';
import { VOCABULARY } from '../vocabulary.js';
import { rowOf } from './rows.js';

const BATCH = 12; // milliseconds that one measurement takes at least: the clocks of browsers are coarse
const BATCHES = 25;

/** @param {Float32Array} row @returns {number} */
function highest(row) {
  let at = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[at]) at = i;
  return at;
}

/**
 * A token as one writes it without a library: divide, find the maximum, e^x, sum, and walk to the random number.
 * @param {Float32Array} row @param {number} temperature
 */
function plainly(row, temperature) {
  const scaled = new Float32Array(row.length);
  const weights = new Float32Array(row.length);
  return () => {
    if (temperature === 0) return highest(row);
    let logits = row;
    if (temperature !== 1) {
      for (let i = 0; i < row.length; i++) scaled[i] = row[i] / temperature;
      logits = scaled;
    }
    const max = logits[highest(logits)];
    let sum = 0;
    for (let i = 0; i < logits.length; i++) {
      weights[i] = Math.exp(logits[i] - max);
      sum += weights[i];
    }
    let left = Math.random() * sum;
    let token = 0;
    while (token < weights.length - 1 && left >= weights[token]) left -= weights[token++];
    return token;
  };
}

/** @param {Float32Array} row @param {number} temperature */
function withLibrary(row, temperature) {
  const sampler = new Sampler(VOCABULARY, { temperature, seed: 0 });
  sampler.logits.set(row);
  return () => sampler.sample();
}

/** @param {() => number} draw @returns {number[]} microseconds per token, one number for each measurement, sorted */
function measure(draw) {
  const times = [];
  for (let i = 0; i < 30; i++) draw();
  let tokens = 1;
  while (times.length < BATCHES) {
    const start = performance.now();
    for (let i = 0; i < tokens; i++) draw();
    const spent = performance.now() - start;
    if (spent < BATCH) tokens = Math.ceil(tokens * (spent > 1 ? (1.2 * BATCH) / spent : 4));
    else times.push((spent * 1000) / tokens);
  }
  return times.sort((a, b) => a - b);
}

/** @param {{shape: import('../vocabulary.js').ShapeName}} input */
export function speed({ shape }) {
  const row = rowOf(shape);
  const makers = { logitkit: withLibrary, 'plain JavaScript': plainly };
  return [1, 0.8, 0].flatMap((temperature) =>
    Object.entries(makers).map(([who, make]) => ({
      who,
      temperature,
      times: measure(make(row, temperature)),
    })),
  );
}

/** @typedef {ReturnType<typeof speed>} Timings */
