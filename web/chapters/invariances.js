import { Sampler, softmax } from 'logitkit';
import { drawCompare } from '../charts/compare.js';
import { find, frac, math, mi, mn, mo, quantity, setTerms, sub } from '../dom.js';
import { PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { name, named, number, percent, typed } from '../format.js';
import { slider } from '../slider.js';

const PAIR = [5, 7]; // the two scores whose odds a third leaves alone
const FIELDS = PRIVATE.invariances;

/**
 * Probabilities by id when the leader has been said once.
 * @param {number[]} scores @param {number} penalty
 */
function penalised(scores, penalty) {
  const sampler = new Sampler(scores.length, { repetitionPenalty: penalty, seed: 0 });
  sampler.accept([scores.indexOf(Math.max(...scores))]);
  const { ids, probs } = sampler.distribution(scores);
  sampler.dispose();
  const law = new Array(scores.length).fill(0);
  for (const [rank, id] of ids.entries()) law[id] = probs[rank];
  return law;
}

/** @param {number[]} scores @param {import('../state.js').State['invariances']} own */
function compute(scores, { by, times, penalty }) {
  const shifted = scores.map((x) => x + by);
  const plain = Array.from(softmax(scores));
  return {
    scores,
    invariance: [plain, Array.from(softmax(shifted)), Array.from(softmax(scores.map((x) => x * times)))],
    penalty: [plain, penalised(scores, penalty), penalised(shifted, penalty)],
  };
}

/** @typedef {{scores: number[], laws: number[][]}} Laws */

/** @param {HTMLElement} host @param {string[]} heads @returns {(laws: Laws) => void} */
function lawsFigure(host, heads) {
  return figure(host, {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {Laws} data */
    draw(svg, width, { scores, laws }) {
      const groups = scores.map((x, index) => {
        const values = laws.map((law) => law[index]);
        return { name: named(index, x), values, texts: values.map(number) };
      });
      drawCompare(svg, width, { groups, domain: [0, 1] });
    },
    label: ({ laws }) => laws.map((law, at) => `${heads[at]}: ${law.map(number).join(', ')}`).join('; '),
    table: ({ scores, laws }) => ({
      head: ['Name', ...heads],
      rows: scores.map((_, index) => [name(index), ...laws.map((law) => law[index])]),
    }),
  });
}

/** @param {number} third @returns {Element[]} */
function odds(third) {
  const probs = Array.from(softmax([...PAIR, third]));
  const shares = probs.map((p, index) => math(indexed(index), mo('='), quantity(p)));
  return [...shares, math(frac(indexed(1), indexed(0)), mo('='), quantity(probs[1] / probs[0]))];
}

/** @param {number} index */
const indexed = (index) => sub(mi('p'), mn(String(index + 1)));

/** @type {[keyof typeof FIELDS, string, string, [number, number], number, string][]} */
const SLIDERS = [
  ['by', 'Add to every score', 'c', [-100, 100], 1, '#invariances-control'],
  ['times', 'Multiply every score by', 'a', [-2, 3], 0.05, '#invariances-control'],
  ['third', 'The third score', 'z', [-10, 10], 0.5, '#third-control'],
  ['penalty', 'Repetition penalty', 'r', [1, 2], 0.05, '#penalty-control'],
];

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  for (const [key, label, symbol, range, step, host] of SLIDERS) {
    slider(find(section, host), store, {
      id: `invariances-${key}`,
      label,
      symbol,
      field: FIELDS[key],
      range,
      step,
      get: (state) => state.invariances[key],
      patch: (value) => ({ invariances: { [key]: value } }),
    });
  }
  const showInvariance = lawsFigure(find(section, '#figure-invariances'), ['x', 'x + c', 'a x']);
  const showPenalty = lawsFigure(find(section, '#figure-penalty'), [
    'No penalty',
    'Penalty on x',
    'Penalty on x + c',
  ]);

  return ({ logits, invariances }) => {
    const scores = [...logits];
    const { invariance, penalty } = compute(scores, invariances);
    showInvariance({ scores, laws: invariance });
    showPenalty({ scores, laws: penalty });
    setTerms(find(section, '#odds'), odds(invariances.third));
    const top = scores.indexOf(Math.max(...scores));
    const [plain, shifted, scaled] = invariance.map((law) => percent(law[top]));
    find(section, '[data-reading]').textContent =
      `${name(top)} has ${plain}; with ${typed(invariances.by)} added to every score ${shifted}; with every score ` +
      `multiplied by ${typed(invariances.times)}, which is temperature ${number(1 / invariances.times)}, ${scaled}.`;
    find(section, '#penalty-reading').textContent =
      `Penalty ${typed(invariances.penalty)} takes ${name(top)} from ${plain} to ${percent(penalty[1][top])}; ` +
      `on x + c, which softmax cannot tell from x, to ${percent(penalty[2][top])}.`;
  };
}
