import { sentence, valueField } from './controls.js';
import { el } from './dom.js';
import { CHAIN } from './fields.js';
import { typed } from './format.js';
import { temperatureOf } from './state.js';

/** @typedef {import('./state.js').State} State */

/**
 * A slider and a text field over one number of the state: the slider for feeling what it does, the field for exact
 * values and for those the slider does not reach.
 *
 * @param {HTMLElement} host
 * @param {import('./state.js').Store} store
 * @param {object} rules
 * @param {string} rules.id of the controls: `<id>-slider`, `<id>-number`, `<id>-problem`
 * @param {string} rules.label
 * @param {string} [rules.symbol] before the field, as in T
 * @param {import('./fields.js').Field<number>} rules.field
 * @param {[number, number]} rules.range that the slider reaches
 * @param {number} rules.step of the slider; with `log` in powers of ten
 * @param {boolean} [rules.log] the slider is logarithmic and gives two significant digits
 * @param {(state: State) => number} rules.get
 * @param {(value: number) => import('./state.js').Patch} rules.patch
 */
export function slider(host, store, { id, label, symbol, field, range, step, log = false, get, patch }) {
  const ends = log ? range.map(Math.log10) : range;
  const problem = el('p', { class: 'problem', id: `${id}-problem`, role: 'alert' });
  const knob = el('input', {
    type: 'range',
    class: 'wide',
    id: `${id}-slider`,
    min: ends[0],
    max: ends[1],
    step,
  });
  const input = el('input', {
    type: 'text',
    id: `${id}-number`,
    autocomplete: 'off',
    spellcheck: 'false',
    size: 8,
    'aria-describedby': problem.id,
    ...(symbol ? {} : { 'aria-label': `${label}, as a number` }),
  });
  const together = el('span', { class: 'together' }, input);
  if (symbol) together.prepend(el('label', { for: input.id }, symbol));
  host.append(el('div', { class: 'row' }, el('label', { for: knob.id }, label), knob, together), problem);

  const slid = () => (log ? Number((10 ** knob.valueAsNumber).toPrecision(2)) : knob.valueAsNumber);
  knob.addEventListener('input', () => {
    problem.textContent = sentence(store.set(patch(slid())));
  });
  const show = valueField(input, problem, {
    field: { ...field, parse: (text) => field.parse(text.replace('∞', 'Infinity').replace('\u2212', '-')) },
    get: () => get(store.get()),
    set: (value) => store.set(patch(value)),
  });
  store.subscribe((state) => {
    const value = get(state);
    show();
    if (slid() !== value) knob.value = String(log ? Math.log10(Math.max(value, range[0])) : value);
    knob.setAttribute('aria-valuetext', `${symbol ? `${symbol} = ` : ''}${typed(value)}`);
  });
}

/**
 * The one temperature of the page, as a chapter shows it.
 * @param {HTMLElement} host @param {import('./state.js').Store} store @param {string} id
 * @param {[number, number]} range
 */
export const temperatureSlider = (host, store, id, range) =>
  slider(host, store, {
    id,
    label: 'Temperature',
    symbol: 'T',
    field: CHAIN.temperature,
    range,
    step: 0.05,
    log: true,
    get: temperatureOf,
    patch: (temperature) => ({ options: { temperature } }),
  });
