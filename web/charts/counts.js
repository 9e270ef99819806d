/** Counts against what a law lets expect: bars with brackets, and the table behind them. */
import { count, name, named } from '../format.js';
import { drawBars } from './bars.js';

/** @typedef {{scores: number[], counts: number[], probs: number[], drawn: number}} Counted */

/** What a count of n draws is expected to be, give or take. @param {number} p @param {number} n */
function expectation(p, n) {
  const spread = 2 * Math.sqrt(n * p * (1 - p));
  return { mean: n * p, low: Math.max(0, n * p - spread), high: Math.min(n, n * p + spread) };
}

/** @param {string} verb what happened to the tokens @returns {import('../figure.js').Parts<Counted>} */
export const counted = (verb) => ({
  draw(svg, width, { scores, counts, probs, drawn }) {
    const bars = counts.map((value, index) => {
      const { mean, low, high } = expectation(probs[index], drawn);
      return {
        name: named(index, scores[index]),
        value,
        text: count(value),
        mark: mean,
        range: /** @type {[number, number]} */ ([low, high]),
      };
    });
    drawBars(svg, width, drawn === 0 ? { bars, domain: [0, 1] } : { bars });
  },
  label: ({ counts, drawn }) =>
    `Bars of how often each score was ${verb} in ${count(drawn)} tokens: ${counts.map(count).join(', ')}`,
  table: ({ counts, probs, drawn }) => ({
    head: ['Name', 'Probability', verb[0].toUpperCase() + verb.slice(1), 'Expected'],
    rows: counts.map((value, index) => [
      name(index),
      probs[index],
      { value, text: count(value) },
      probs[index] * drawn,
    ]),
  }),
});
