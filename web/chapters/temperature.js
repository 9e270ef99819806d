import { softmax, topK } from 'logitkit';
import { drawBands } from '../charts/bands.js';
import { drawShares } from '../charts/bars.js';
import { choices } from '../controls.js';
import { find, frac, literal, math, mi, mo, quantity, row, setTerms, sub, sup } from '../dom.js';
import { figure } from '../figure.js';
import { name, number, percent, typed } from '../format.js';
import { temperatureSlider } from '../slider.js';
import { temperatureOf } from '../state.js';

/** @typedef {import('../state.js').State} State */

const DECADES = [-2, 3]; // of the slider and of the axis: T from 0.01 to 1000
const STEPS = 20; // columns of the bands per decade
const PRESETS = [0, 0.5, 1, 2, 5, 50, Infinity];

const TEMPERATURES = Array.from(
  { length: (DECADES[1] - DECADES[0]) * STEPS + 1 },
  (_, index) => 10 ** (DECADES[0] + index / STEPS),
);

/** @param {number[]} scores @param {number} temperature */
function compute(scores, temperature) {
  const at = temperature >= TEMPERATURES[0] && temperature <= 10 ** DECADES[1] ? temperature : null;
  return {
    scores,
    temperature,
    at,
    probs: Array.from(softmax(scores, { temperature })),
    plain: Array.from(softmax(scores)),
    bands: TEMPERATURES.map((each) => Array.from(softmax(scores, { temperature: each }))),
  };
}

/** @typedef {ReturnType<typeof compute>} Heated */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Heated>) => (heated: Heated) => void} */
const heatFigure = figure;

/** @param {HTMLElement} section */
function figures(section) {
  const heated = heatFigure(find(section, '#figure-heated'), {
    draw: (svg, width, { scores, probs, plain }) => drawShares(svg, width, { scores, probs, marks: plain }),
    label: ({ probs, temperature }) =>
      `Bars of the probabilities at temperature ${typed(temperature)}: ${probs.map(number).join(', ')}`,
    table: ({ scores, probs, plain }) => ({
      head: ['Name', 'Score', 'At this T', 'At T = 1'],
      rows: probs.map((value, index) => [
        name(index),
        { value: scores[index], text: typed(scores[index]) },
        value,
        plain[index],
      ]),
    }),
  });
  const bands = heatFigure(find(section, '#figure-bands'), {
    draw: (svg, width, { scores, bands, at }) =>
      drawBands(svg, width, {
        temperatures: TEMPERATURES,
        names: scores.map((_, index) => name(index)),
        probs: bands,
        at,
      }),
    label: ({ scores }) =>
      `Probabilities of ${scores.length} scores over temperatures from 0.01, where the highest has nearly all, ` +
      `to 1000, where they are nearly equal`,
    table: ({ scores, bands }) => ({
      head: ['T', ...scores.map((_, index) => name(index))],
      rows: TEMPERATURES.map((value, index) => /** @type {const} */ ([value, bands[index]]))
        .filter((_, index) => index % STEPS === 0)
        .map(([value, probs]) => [{ value, text: typed(Number(value.toPrecision(3))) }, ...probs]),
    }),
  });
  return [heated, bands];
}

/** How the two highest scores differ, and what that makes of their probabilities. @param {Heated} heated */
function ratio({ scores, temperature }) {
  const [first, second] = topK(scores, 2).ids;
  const lead = scores[first] - scores[second];
  const value = lead === 0 ? 1 : Math.exp(lead / temperature);
  return [
    math(indexed('x', first), mo('−'), indexed('x', second), mo('='), literal(typed(lead))),
    math(
      frac(indexed('p', first), indexed('p', second)),
      mo('='),
      sup(mi('e'), row(literal(typed(lead)), mo('∕'), literal(typed(temperature)))),
      mo('='),
      quantity(value),
    ),
  ];
}

/** @param {string} letter @param {number} index */
const indexed = (letter, index) => sub(mi(letter), literal(String(index + 1)));

/** @param {Heated} heated @returns {string} */
function reading({ probs, plain, temperature }) {
  const top = probs.indexOf(Math.max(...probs));
  const shared = probs.filter((p) => p === probs[top]).length;
  const which =
    shared === probs.length && shared > 1
      ? `all ${shared} scores are equally likely, ${percent(probs[top])} each`
      : `${name(top)} leads with ${percent(probs[top])}${temperature === 1 ? '' : `; at T = 1 it has ${percent(plain[top])}`}`;
  return `At T = ${typed(temperature)}, ${which}.`;
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store @returns {(state: State) => void} */
export function mount(section, store) {
  const updates = figures(section);
  temperatureSlider(find(section, '#temperature-control'), store, 'temperature', [
    10 ** DECADES[0],
    10 ** DECADES[1],
  ]);
  choices(
    find(section, '#temperature-presets'),
    store,
    PRESETS.map((temperature) => ({ text: typed(temperature), patch: { options: { temperature } } })),
  );

  return (state) => {
    const temperature = temperatureOf(state);
    const heated = compute([...state.logits], temperature);
    for (const update of updates) update(heated);
    setTerms(find(section, '#ratio'), temperature === 0 ? [] : ratio(heated));
    find(section, '[data-reading]').textContent = reading(heated);
  };
}
