import { logSoftmax, logSumExp, softmax } from 'logitkit';
import { drawBars } from '../charts/bars.js';
import { drawReach, fate } from '../charts/reach.js';
import { el, find, frac, literal, math, mi, mo, quantity, setTerms, sub, sup } from '../dom.js';
import { EXAMPLES } from '../fields.js';
import { figure } from '../figure.js';
import { name, number, percent, typed } from '../format.js';
import { divideUnshifted, LARGEST, powers, shift, single } from '../steps.js';
import { scoreEditor } from './editor.js';

const ROOM = 6; // terms of a sum that are written out; a longer one has its last term behind dots

/** What all figures of the chapter are drawn from. @param {number[]} scores */
function compute(scores) {
  const max = Math.max(...scores);
  const shifted = shift(scores, max);
  return {
    scores,
    max,
    shifted,
    raised: powers(scores),
    kept: powers(scores).map(single),
    shiftedPowers: powers(shifted),
    sum: Math.exp(logSumExp(shifted)),
    probs: Array.from(softmax(scores)),
    logs: Array.from(logSoftmax(scores)),
  };
}

/** @typedef {ReturnType<typeof compute>} Steps */

/** @param {number[]} values @param {(value: number) => string} [text] */
const bars = (values, text = number) =>
  values.map((value, index) => ({ name: name(index), value, text: text(value) }));

/** @param {number} exponent @returns {Element} e^x, and what that is */
const powerTerm = (exponent) =>
  math(sup(mi('e'), literal(typed(exponent))), mo('='), quantity(Math.exp(exponent)));

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Steps>) => (steps: Steps) => void} */
const stepFigure = figure;

/** @param {HTMLElement} section */
function figures(section) {
  const raw = stepFigure(find(section, '#figure-raw'), {
    draw: (svg, width, { scores }) => drawBars(svg, width, { bars: bars(scores, typed) }),
    label: ({ scores }) => `Bars of the scores ${scores.map(typed).join(', ')}`,
    table: ({ scores }) => ({
      head: ['Name', 'Score'],
      rows: scores.map((value, index) => [name(index), { value, text: typed(value) }]),
    }),
  });
  const raised = stepFigure(find(section, '#figure-powers'), {
    draw: (svg, width, { kept }) =>
      drawBars(svg, width, { bars: bars(kept), domain: kept.includes(Infinity) ? [0, LARGEST] : undefined }),
    label: ({ kept }) => `Bars of e to each score in float32: ${kept.map(number).join(', ')}`,
    table: ({ raised, kept }) => ({
      head: ['Name', 'e to the score', 'In float32'],
      rows: raised.map((value, index) => [name(index), value, kept[index]]),
    }),
  });
  const reach = stepFigure(find(section, '#figure-reach'), {
    draw: (svg, width, { scores, shifted }) =>
      drawReach(svg, width, [
        { title: 'as given', points: points(scores) },
        { title: 'after the shift', points: points(shifted) },
      ]),
    label: ({ scores, shifted }) => `As given: ${fates(scores)}. After the shift: ${fates(shifted)}`,
    table: ({ scores, shifted }) => ({
      head: ['Name', 'Score', 'Its power', 'Shifted', 'Shifted power'],
      rows: scores.map((value, index) => [
        name(index),
        { value, text: typed(value) },
        FATES[fate(value)],
        { value: shifted[index], text: typed(shifted[index]) },
        FATES[fate(shifted[index])],
      ]),
    }),
  });
  const shifted = stepFigure(find(section, '#figure-shifted'), {
    draw: (svg, width, { shiftedPowers }) =>
      drawBars(svg, width, { bars: bars(shiftedPowers), domain: [0, 1] }),
    label: ({ shiftedPowers }) =>
      `Bars of the powers after the shift: ${shiftedPowers.map(number).join(', ')}`,
    table: ({ shiftedPowers }) => ({
      head: ['Name', 'Shifted power', 'In float32'],
      rows: shiftedPowers.map((value, index) => [name(index), value, single(value)]),
    }),
  });
  const probs = stepFigure(find(section, '#figure-probs'), {
    draw: (svg, width, { probs }) => drawBars(svg, width, { bars: bars(probs), domain: [0, 1] }),
    label: ({ probs }) => `Bars of the probabilities ${probs.map(number).join(', ')}`,
    table: ({ probs, logs }) => ({
      head: ['Name', 'Probability', 'Its logarithm'],
      rows: probs.map((value, index) => [name(index), value, logs[index]]),
    }),
  });
  return [raw, raised, reach, shifted, probs];
}

const FATES = { kept: 'held', lost: 'becomes 0', overflow: 'overflows' };

/** @param {number[]} scores */
const points = (scores) => scores.map((score, index) => ({ name: name(index), score }));

/** @param {number[]} scores */
const fates = (scores) => scores.map((score, index) => `${name(index)} ${FATES[fate(score)]}`).join(', ');

/** What dividing right away would give. @param {HTMLElement} host @param {Steps} steps */
function showVerdict(host, { scores, max, raised, kept }) {
  const broken = divideUnshifted(scores);
  host.classList.toggle('bad', broken.some(Number.isNaN));
  const largest = math(sup(mi('e'), literal(typed(max))), mo('='), quantity(Math.exp(max)));
  const list = `[${broken.map(number).join(', ')}]`;
  if (kept.includes(Infinity)) {
    host.replaceChildren(largest, ` is past the end: float32 stores ∞, and dividing now would give ${list}.`);
  } else if (broken.some(Number.isNaN)) {
    const why = raised.every((value) => single(value) === 0) ? 'every power becomes 0' : 'the sum overflows';
    host.replaceChildren(`Here ${why}, and dividing now would give ${list}.`);
  } else {
    host.replaceChildren(largest, ` still fits: dividing now would work for these scores. Try Example B.`);
  }
}

/** A plus that opens a formula of its own, with the space of one between two terms. */
const plus = () => mo('+', 'infix');

/** @param {Element} host @param {Steps} steps */
function showSum(host, { shiftedPowers, sum }) {
  const written = shiftedPowers.length > ROOM ? shiftedPowers.slice(0, ROOM - 1) : shiftedPowers;
  const terms = written.map((value, index) => math(index === 0 ? mo('=') : plus(), quantity(value)));
  if (written.length < shiftedPowers.length) {
    terms.push(math(plus(), mo('⋯')), math(plus(), quantity(shiftedPowers[shiftedPowers.length - 1])));
  }
  setTerms(host, [math(mi('Z')), ...terms, math(mo('='), quantity(sum))]);
}

/** @param {HTMLSelectElement} select @param {Element} host @param {Steps} steps @param {number} index */
function showWorked(select, host, { scores, shiftedPowers, sum, probs }, index) {
  if (select.length !== scores.length) {
    select.replaceChildren(...scores.map((_, at) => el('option', { value: at }, name(at))));
  }
  select.selectedIndex = index;
  const lost = probs[index] === 0 && shiftedPowers[index] > 0;
  const share = sub(mi('p'), literal(String(index + 1)));
  host.replaceChildren(
    math(share, mo('='), frac(quantity(shiftedPowers[index]), quantity(sum))),
    ' ',
    math(mo('='), quantity(lost ? shiftedPowers[index] / sum : probs[index])),
    lost ? ', which float32 rounds to 0' : '',
  );
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store @returns {(state: import('../state.js').State) => void} */
export function mount(section, store) {
  const updates = figures(section);
  const select = /** @type {HTMLSelectElement} */ (find(section, '#worked'));
  scoreEditor(section, store);
  select.addEventListener('change', () => store.set({ scores: { worked: select.selectedIndex } }));

  return ({ logits, scores: { worked } }) => {
    const scores = [...logits];
    const steps = compute(scores);
    for (const update of updates) update(steps);
    setTerms(find(section, '#terms-powers'), scores.map(powerTerm));
    setTerms(find(section, '#terms-shifted'), steps.shifted.map(powerTerm));
    showVerdict(find(section, '#verdict'), steps);
    showSum(find(section, '#terms-sum'), steps);
    showWorked(select, find(section, '#worked-formula'), steps, worked);
    find(section, '#call').textContent = scores.join(', ');
    find(section, '#aside-b').hidden = String(scores) !== String(EXAMPLES[1].logits);
    const top = steps.probs.indexOf(Math.max(...steps.probs));
    find(section, '[data-reading]').textContent =
      `${name(top)} has the largest share, ${percent(steps.probs[top])}. All of them together: ` +
      `${number(steps.probs.reduce((sum, p) => sum + p, 0))}.`;
  };
}
