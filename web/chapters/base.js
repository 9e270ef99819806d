import { softmax } from 'logitkit';
import { drawShares } from '../charts/bars.js';
import { choices } from '../controls.js';
import { find, frac, literal, ln, math, mi, mn, mo, quantity, row, setTerms, sup } from '../dom.js';
import { PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { name, number, percent, typed } from '../format.js';
import { slider } from '../slider.js';

const PRESETS = [0.5, 1, 2, Math.E, 3, 4, 10, 100];

/** The temperature that a base amounts to. @param {number} base */
const temperatureOfBase = (base) => (base === 1 ? Infinity : 1 / Math.log(base));

/** A base as it is typed; e by its name. @param {number} base */
const written = (base) => (base === Math.E ? 'e' : typed(base));

/** @param {number[]} scores @param {number} base */
function compute(scores, base) {
  return {
    scores,
    base,
    probs: Array.from(softmax(scores, { base })),
    plain: Array.from(softmax(scores)),
  };
}

/** @typedef {ReturnType<typeof compute>} Based */

/** @param {HTMLElement} section */
function baseFigure(section) {
  return figure(find(section, '#figure-base'), {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {Based} based */
    draw: (svg, width, { scores, probs, plain }) => drawShares(svg, width, { scores, probs, marks: plain }),
    label: ({ probs, base }) =>
      `Bars of the shares with base ${written(base)}: ${probs.map(number).join(', ')}`,
    table: ({ probs, plain }) => ({
      head: ['Name', 'With this base', 'With e'],
      rows: probs.map((value, index) => [name(index), value, plain[index]]),
    }),
  });
}

/** @param {number} base @returns {Element[]} the base as a power of e, and its temperature */
function terms(base) {
  const symbol = base === Math.E ? mi('e') : literal(typed(base));
  const log = ln(symbol.cloneNode(true));
  return [
    math(
      sup(symbol, mi('x')),
      mo('='),
      sup(mi('e'), row(mi('x'), mo('·'), log)),
      mo('='),
      sup(mi('e'), row(mi('x'), mo('∕'), mi('T'))),
    ),
    math(mi('T'), mo('='), frac(mn('1'), log.cloneNode(true)), mo('='), quantity(temperatureOfBase(base))),
  ];
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const update = baseFigure(section);
  const get = () => store.get().base.base;
  slider(find(section, '#base-control'), store, {
    id: 'base',
    label: 'Base',
    symbol: 'N',
    field: PRIVATE.base.base,
    range: [0.1, 100],
    step: 0.02,
    log: true,
    get,
    patch: (base) => ({ base: { base } }),
  });
  choices(
    find(section, '#base-presets'),
    store,
    PRESETS.map((base) => ({ text: written(base), patch: { base: { base } } })),
  );
  find(section, '#base-use').addEventListener('click', () => {
    store.set({ options: { temperature: temperatureOfBase(get()) } });
  });

  return ({ logits, base: { base } }) => {
    const based = compute([...logits], base);
    update(based);
    setTerms(find(section, '#base-terms'), terms(base));
    const top = based.plain.indexOf(Math.max(...based.plain));
    find(section, '[data-reading]').textContent =
      `With base ${written(base)}, ${name(top)} gets ${percent(based.probs[top])}; with e it gets ` +
      `${percent(based.plain[top])}. Base ${written(base)} is temperature ${number(temperatureOfBase(base))}.`;
  };
}
