/** Each filter's rule as formulas with its numbers in them. */
import { literal, ln, math, mi, mn, mo, quantity, row, sub, sup } from '../dom.js';
import { typed } from '../format.js';

/** @typedef {import('../jobs/truncation.js').Truncated} Truncated */
/** @typedef {import('../jobs/truncation.js').Cut} Cut */

const p = () => mi('p');
const highest = () => sub(mi('p'), mn('1'));
const times = () => mo('·');
/** @param {string} text @param {import('../dom.js').Child[]} inside */
const call = (text, ...inside) => row(mi(text), mo('('), ...inside, mo(')'));
const sumOf = (/** @type {import('../dom.js').Child} */ each) => row(mo('∑'), each);

/** @param {Element} end the rank of the last one */
const sumTo = (end) => [highest(), mo('+'), mo('…'), mo('+'), sub(mi('p'), end)];

/** A second difference. @param {string} index */
const bend = (index) => row(mo('|'), sup(mi('Δ'), mn('2')), sub(mi('p'), mi(index)), mo('|'));

/** A bound on p: its formula, and its value. @param {import('../dom.js').Child[]} formula @param {number} value */
const bound = (formula, value) => [math(p(), mo('≥'), ...formula, mo('='), quantity(value))];

/** @type {Record<import('../filters.js').FilterName, (cut: Cut, all: Truncated) => Element[]>} */
const RULES = {
  topK: ({ value }) => [math(mi('rank'), mo('≤'), literal(typed(value)))],
  topP: ({ value, kept, mass }) => [
    math(...sumTo(mi('n')), mo('≥'), literal(typed(value))),
    math(...(kept === 1 ? [highest()] : sumTo(mn(String(kept)))), mo('='), quantity(mass)),
  ],
  minP: ({ value }, { probs }) => bound([literal(typed(value)), times(), highest()], value * probs[0]),
  topNSigma: ({ value }, { deviation, highest: most }) => [
    math(mi('σ'), mo('='), quantity(deviation)),
    math(
      mi('x'),
      mo('≥'),
      call('max', mi('x')),
      mo('−'),
      literal(typed(value)),
      times(),
      mi('σ'),
      mo('='),
      quantity(most - value * deviation),
    ),
  ],
  epsilonCutoff: ({ value }) => [math(p(), mo('≥'), quantity(value))],
  etaCutoff: ({ value }, { entropy }) =>
    bound(
      [
        call(
          'min',
          quantity(value),
          mo(','),
          row(mo('√'), quantity(value)),
          times(),
          sup(mi('e'), row(mo('−'), mi('H'))),
        ),
      ],
      Math.min(value, Math.sqrt(value) * Math.exp(-entropy)),
    ),
  topA: ({ value }, { probs }) =>
    bound([literal(typed(value)), times(), sup(highest(), mn('2'))], value * probs[0] ** 2),
  tailFree: ({ value }) => [
    math(sumOf(bend('i')), mo('≤'), literal(typed(value)), times(), sumOf(bend('j'))),
  ],
  topH: ({ value }, { entropy }) => [
    math(
      sumOf(row(mo('−'), mi('p'), ln(mi('p')))),
      mo('≤'),
      literal(typed(value)),
      times(),
      mi('H'),
      mo('='),
      quantity(value * entropy),
    ),
  ],
  firstTokenCutoff: ({ value }, { probs }) => [
    math(mn('1'), mo('−'), row(p(), mo('∕'), highest()), mo('≤'), literal(typed(value))),
    math(p(), mo('≥'), quantity((1 - value) * probs[0])),
  ],
  pLess: (_, { squares }) => bound([sumOf(sup(mi('p'), mn('2')))], squares),
  typicalP: ({ value, mass }, { entropy }) => [
    math(mi('H'), mo('='), quantity(entropy)),
    math(mi('nearest'), mo('|'), row(mo('−'), ln(mi('p'))), mo('−'), mi('H'), mo('|')),
    math(sumOf(mi('p')), mo('='), quantity(mass), mo('≥'), literal(typed(value))),
  ],
};

/** @param {Cut} cut @param {Truncated} all @returns {Element[]} */
export const cutTerms = (cut, all) => RULES[cut.name](cut, all);
