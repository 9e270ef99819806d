import { crossEntropy, crossEntropyBackward, softmax } from 'logitkit';
import { drawBars } from '../charts/bars.js';
import { drawLines } from '../charts/lines.js';
import { el, find, ln, math, mi, mn, mo, quantity, row, setTerms, sub } from '../dom.js';
import { PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { name, named, number, percent, typed } from '../format.js';
import { slider } from '../slider.js';
import { share } from '../steps.js';

const SPAN = 12; // how far to either side the target's score is moved in the figure
const POINTS = 121;
const NEAR = [-0.1, -0.03, -0.01, -0.001, 0, 0.001, 0.01, 0.03, 0.1]; // where squares are steep
const PLACES = 1e4; // scores after a step are rounded to four places, so that the address stays short

/** @param {number[]} scores */
const squares = (scores) => share(scores.map((x) => x * x));

/** The derivative of the loss by the target's own score, when squares are shared. @param {number[]} scores @param {number} target */
function squaredSlope(scores, target) {
  const total = scores.reduce((sum, x) => sum + x * x, 0);
  return (2 * scores[target]) / total - 2 / scores[target];
}

/** @param {number[]} scores @param {number} target */
function compute(scores, target) {
  const from = scores[target] - SPAN;
  const grid = Array.from({ length: POINTS }, (_, index) => from + (2 * SPAN * index) / (POINTS - 1));
  const near = NEAR.filter((x) => x > from && x < from + 2 * SPAN && !grid.includes(x));
  const xs = [...grid, ...near].sort((a, b) => a - b);
  const rows = xs.map((moved) => scores.map((x, index) => (index === target ? moved : x)));
  return {
    scores,
    target,
    probs: Array.from(softmax(scores)),
    loss: crossEntropy(scores, target),
    gradient: Array.from(crossEntropyBackward(scores, target)),
    grid,
    squared: { loss: -Math.log(squares(scores)[target]), slope: squaredSlope(scores, target) },
    xs,
    losses: rows.map((each) => crossEntropy(each, target)),
    squaredLosses: rows.map((each) => -Math.log(squares(each)[target])),
  };
}

/** @typedef {ReturnType<typeof compute>} Lesson */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Lesson>) => (lesson: Lesson) => void} */
const lessonFigure = figure;

/** @param {HTMLElement} section */
function figures(section) {
  const gradient = lessonFigure(find(section, '#figure-gradient'), {
    draw: (svg, width, { scores, gradient }) =>
      drawBars(svg, width, {
        domain: [-1, 1],
        bars: gradient.map((value, index) => ({
          name: named(index, scores[index]),
          value,
          text: number(value),
        })),
      }),
    label: ({ gradient }) => `Bars of the gradient: ${gradient.map(number).join(', ')}`,
    table: ({ probs, gradient, target }) => ({
      head: ['Name', 'p', 'y', 'Gradient'],
      rows: probs.map((p, index) => {
        const y = index === target ? 1 : 0;
        return [name(index), p, { value: y, text: String(y) }, gradient[index]];
      }),
    }),
  });
  const losses = lessonFigure(find(section, '#figure-losses'), {
    draw(svg, width, { xs, losses, squaredLosses, scores, target }) {
      const top = Math.max(1, ...losses) * 1.1;
      drawLines(svg, width, {
        series: [
          { name: 'softmax', ys: losses },
          { name: 'squares', ys: squaredLosses.map((loss) => Math.min(loss, top)) },
        ],
        xs,
        domain: [0, top],
        title: `score of ${name(target)}`,
        measure: 'loss in nats',
        at: scores[target],
      });
    },
    label: ({ loss, squared }) =>
      `The loss is ${number(loss)} under softmax and ${number(squared.loss)} under squares`,
    table: ({ grid, xs, losses, squaredLosses }) => ({
      head: ['Score of the target', 'Loss, softmax', 'Loss, squares'],
      rows: grid
        .filter((_, index) => index % 10 === 0)
        .map((value) => [
          { value, text: typed(Number(value.toFixed(2))) },
          losses[xs.indexOf(value)],
          squaredLosses[xs.indexOf(value)],
        ]),
    }),
  });
  return [gradient, losses];
}

/** @param {readonly number[]} scores @param {number} target @param {number} rate @param {number} count @returns {number[]} */
function descend(scores, target, rate, count) {
  let moved = [...scores];
  for (let i = 0; i < count; i++) {
    const gradient = crossEntropyBackward(moved, target);
    moved = moved.map((x, index) => x - rate * gradient[index]);
  }
  return moved.map((x) => Math.round(x * PLACES) / PLACES);
}

/** @param {Lesson} lesson @returns {Element[]} */
const terms = ({ target, loss }) => [
  math(mi('L'), mo('='), row(mo('−'), ln(sub(mi('p'), mn(String(target + 1)))))),
  math(mo('='), row(mo('−'), ln(quantity(Math.exp(-loss))))),
  math(mo('='), quantity(loss)),
];

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const updates = figures(section);
  const select = /** @type {HTMLSelectElement} */ (find(section, '#loss-target'));
  const target = () => Math.min(store.get().loss.target, store.get().logits.length - 1);
  const step = (/** @type {number} */ count) => {
    const { logits, loss } = store.get();
    store.set({ logits: descend(logits, target(), loss.rate, count) });
  };
  select.addEventListener('change', () => store.set({ loss: { target: select.selectedIndex } }));
  find(section, '#loss-step').addEventListener('click', () => step(1));
  find(section, '#loss-steps').addEventListener('click', () => step(20));
  slider(find(section, '#loss-control'), store, {
    id: 'loss-rate',
    label: 'Length of a step',
    symbol: 'η',
    field: PRIVATE.loss.rate,
    range: [0.1, 10],
    step: 0.05,
    log: true,
    get: (state) => state.loss.rate,
    patch: (rate) => ({ loss: { rate } }),
  });

  return ({ logits }) => {
    const lesson = compute([...logits], target());
    for (const update of updates) update(lesson);
    if (select.length !== logits.length) {
      select.replaceChildren(...logits.map((_, index) => el('option', { value: index }, name(index))));
    }
    select.selectedIndex = lesson.target;
    setTerms(find(section, '#loss-terms'), terms(lesson));
    const { loss, gradient, squared } = lesson;
    const { rate } = store.get().loss;
    find(section, '[data-reading]').textContent =
      `${name(lesson.target)} was right and had ${percent(Math.exp(-loss))}: the loss is ${number(loss)} nats, and ` +
      `a step raises its score by ${number(-rate * gradient[lesson.target])}.`;
    find(section, '#losses-reading').textContent =
      `Here the loss is ${number(loss)} under softmax, with slope ${number(gradient[lesson.target])}, and ` +
      `${number(squared.loss)} under squares, with slope ${number(squared.slope)}.`;
  };
}
