/** Every filter alone on the whole vocabulary. */
import { softmax } from 'logitkit';
import { FILTER_NAMES, settingOf } from '../filters.js';
import { VOCABULARY } from '../vocabulary.js';
import { rowOf, spacedRanks, withSampler } from './rows.js';

/**
 * @typedef {{shape: import('../vocabulary.js').ShapeName, temperature: number, values: Record<string, number>}} Input
 *
 * What a filter keeps: the tokens of the ranks from `first` to `last`, counted from 1.
 * @typedef {object} Cut
 * @property {import('../filters.js').FilterName} name
 * @property {number} value
 * @property {number} kept
 * @property {number} mass
 * @property {number} first
 * @property {number} last
 * @property {number} least probability that it keeps, before renormalising
 * @property {number} entropy nats, of what it leaves
 */

/** The law without a filter, in order of probability, and where each token stands in it. @type {{key: string, probs: Float32Array, rankOf: Int32Array, entropy: number}} */
let base = { key: '', probs: new Float32Array(0), rankOf: new Int32Array(0), entropy: 0 };

/** @param {Input} input */
function baseOf({ shape, temperature }) {
  const key = `${shape} ${temperature}`;
  if (base.key !== key) {
    const row = rowOf(shape);
    withSampler({ temperature }, (sampler) => {
      const { ids, probs } = sampler.distribution(row);
      const rankOf = new Int32Array(VOCABULARY);
      for (let rank = 0; rank < ids.length; rank++) rankOf[ids[rank]] = rank + 1;
      base = { key, probs, rankOf, entropy: sampler.trace(row).at(-1)?.entropy ?? 0 };
    });
  }
  return base;
}

/** Sum of squares and the deviation of the logits, in float64. @param {Float32Array} row @param {ArrayLike<number>} probs */
function momentsOf(row, probs) {
  let squares = 0;
  let sum = 0;
  let spread = 0;
  for (let i = 0; i < probs.length; i++) squares += probs[i] * probs[i];
  for (let i = 0; i < row.length; i++) sum += row[i];
  const mean = sum / row.length;
  for (let i = 0; i < row.length; i++) spread += (row[i] - mean) ** 2;
  return { squares, deviation: Math.sqrt(spread / row.length) };
}

/** @param {Input} input */
export function truncation(input) {
  const { shape, temperature, values } = input;
  const row = rowOf(shape);
  const { probs, rankOf, entropy } = baseOf(input);
  /** @type {Cut[]} */
  const cuts = FILTER_NAMES.map((name) => {
    const options = { temperature, [name]: settingOf(name, values[name]) };
    return withSampler(options, (sampler) => {
      const stages = sampler.trace(row);
      const { name: stage, kept, mass, entropy } = stages[stages.length - 1];
      const first = rankOf[sampler.distribution(row, { top: 1 }).ids[0]];
      const last = first + kept - 1;
      // Behind a temperature of 0 no filter is asked, and one that is off is no stage.
      const share = stage === 'temperature' || stage === 'logits' ? 1 : mass;
      return {
        name,
        value: values[name],
        kept,
        mass: share,
        first,
        last,
        least: probs[last - 1],
        entropy,
      };
    });
  });
  const ranks = spacedRanks(probs.length);
  return {
    input,
    cuts,
    ranks,
    probs: ranks.map((rank) => probs[rank - 1]),
    size: VOCABULARY,
    entropy,
    ...momentsOf(row, softmax(row, { temperature })),
    highest: row.reduce((most, x) => Math.max(most, x), -Infinity),
  };
}

/** @typedef {ReturnType<typeof truncation>} Truncated */
