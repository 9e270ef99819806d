import { OPTIONS } from 'logitkit';
import { asker } from '../ask.js';
import { drawCuts } from '../charts/cuts.js';
import { choices, sentence } from '../controls.js';
import { el, find, setTerms } from '../dom.js';
import { CHAIN, PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { FILTER_NAMES, FILTERS, settingOf } from '../filters.js';
import { count, percent, typed } from '../format.js';
import { slider, temperatureSlider } from '../slider.js';
import { temperatureOf } from '../state.js';
import { SHAPE_NAMES, SHAPES } from '../vocabulary.js';
import { cutTerms } from './cutterms.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../jobs/truncation.js').Truncated & {look: import('../filters.js').FilterName}} Shown */
/** @typedef {import('../jobs/truncation.js').Cut} Cut */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Shown>) => (shown: Shown) => void} */
const cutFigure = figure;

/** As a lane is named: top-p 0.95. @param {Pick<Cut, 'name' | 'value'>} cut */
const titled = ({ name, value }) =>
  name === 'pLess' ? FILTERS[name].title : `${FILTERS[name].title} ${typed(value)}`;

/** @param {number} kept */
const tokens = (kept) => `${count(kept)} ${kept === 1 ? 'token' : 'tokens'}`;

/** @param {HTMLElement} section */
const cutsFigure = (section) =>
  cutFigure(find(section, '#figure-cuts'), {
    draw: (svg, width, { ranks, probs, size, cuts, look }) =>
      drawCuts(svg, width, {
        ranks,
        probs,
        size,
        look,
        lanes: cuts.map((cut) => ({
          ...cut,
          title: titled(cut),
          text: `${tokens(cut.kept)}, ${percent(cut.mass)}`,
        })),
      }),
    label: ({ cuts, size }) =>
      `Of ${count(size)} tokens, ${cuts.map((cut) => `${titled(cut)} keeps ${count(cut.kept)}`).join(', ')}`,
    table: ({ cuts }) => ({
      head: ['Filter', 'Value', 'Tokens kept', 'Mass kept', 'From rank', 'To rank', 'Entropy left'],
      rows: cuts.map(({ name, value, kept, mass, first, last, entropy }) => [
        FILTERS[name].title,
        { value, text: name === 'pLess' ? '' : typed(value) },
        { value: kept, text: count(kept) },
        mass,
        { value: first, text: count(first) },
        { value: last, text: count(last) },
        entropy,
      ]),
    }),
  });

/** @param {Shown} shown @param {Cut} cut */
function reading({ size, input, probs }, cut) {
  if (input.temperature === 0)
    return 'At T = 0 the highest score is taken, and no filter is asked: 1 token, whatever they say.';
  const gone = size - cut.kept;
  const lost = `${count(gone)} removed, with ${percent(Math.max(0, 1 - cut.mass))} together`;
  const odd =
    cut.first > 1 ? ` It starts at rank ${count(cut.first)}: likelier tokens are removed, too.` : '';
  return (
    `At T = ${typed(input.temperature)}, ${titled(cut)} keeps ${tokens(cut.kept)} of ${count(size)} with ` +
    `${percent(cut.mass)} of the probability; ${gone === 0 ? 'nothing is removed' : lost}. The likeliest token had ` +
    `${percent(probs[0])}.${odd}`
  );
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store */
function controls(section, store) {
  choices(
    find(section, '#truncation-shapes'),
    store,
    SHAPE_NAMES.map((shape) => ({ text: SHAPES[shape].title, patch: { truncation: { shape } } })),
  );
  temperatureSlider(find(section, '#truncation-temperature'), store, 'truncation-heat', [0.1, 10]);
  const hosts = FILTER_NAMES.filter((name) => name !== 'pLess').map((name) => {
    const host = el('div', { class: 'control', 'data-cut': name });
    const { title, range, step, log } = FILTERS[name];
    slider(host, store, {
      id: `cut-${name}`,
      label: `Value of ${title}`,
      field: PRIVATE.cut[name],
      range,
      step,
      log,
      get: ({ cut }) => cut[name],
      patch: (value) => ({ cut: { [name]: name === 'topK' ? Math.round(value) : value } }),
    });
    return host;
  });
  find(section, '#truncation-controls').append(...hosts);

  const select = /** @type {HTMLSelectElement} */ (find(section, '#truncation-look'));
  select.append(...FILTER_NAMES.map((name) => el('option', { value: name }, FILTERS[name].title)));
  const look = (/** @type {string | undefined} */ name) =>
    store.set({ truncation: { look: /** @type {any} */ (name) } });
  select.addEventListener('change', () => look(select.value));
  // A shortcut for the mouse: the list above does the same.
  find(section, '#figure-cuts').addEventListener('click', ({ target }) => {
    const lane = /** @type {Element} */ (target).closest('.lane');
    if (lane) look(lane.getAttribute('data-cut') ?? undefined);
  });

  const use = find(section, '#truncation-use');
  const problem = find(section, '#truncation-problem');
  /** @param {State} state @returns {[string, unknown, boolean]} the option, its value, and whether the page has it */
  const used = ({ truncation: { look }, cut, options }) => {
    const value = settingOf(look, cut[look]);
    return [look, value, /** @type {any} */ (options)[look] === value];
  };
  use.addEventListener('click', () => {
    const [name, value, isOn] = used(store.get());
    problem.textContent = sentence(store.set({ options: { [name]: isOn ? CHAIN[name].initial : value } }));
  });
  return (/** @type {State} */ state) => {
    select.value = state.truncation.look;
    for (const host of hosts) host.hidden = host.dataset.cut !== state.truncation.look;
    use.setAttribute('aria-pressed', String(used(state)[2]));
  };
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const update = cutsFigure(section);
  const showControls = controls(section, store);
  /** @type {import('../jobs/truncation.js').Truncated | undefined} */
  let answer;

  function show() {
    if (!answer) return;
    const { look } = store.get().truncation;
    const shown = { ...answer, look };
    const cut = answer.cuts[FILTER_NAMES.indexOf(look)];
    update(shown);
    find(section, '[data-reading]').textContent = reading(shown, cut);
    const { does, source } = OPTIONS[look];
    find(section, '#truncation-rule').textContent = `${does} (${source})`;
    setTerms(find(section, '#truncation-terms'), cutTerms(cut, answer));
  }

  const ask = asker(section, 'truncation', (truncated) => {
    answer = truncated;
    show();
  });
  /** @type {unknown[]} */
  let asked = [];

  return (state) => {
    const { shape } = state.truncation;
    const temperature = temperatureOf(state);
    showControls(state);
    const { steepness, softness, text, leads } = SHAPES[shape];
    find(section, '#truncation-formula').textContent =
      `“${SHAPES[shape].title}”, ${text}: a = ${typed(steepness)}, b = ${typed(softness)}, ` +
      `${leads.length > 0 ? `lead = ${leads.map(typed).join(', ')} for the first and 0 for the others` : 'no lead'}.`;
    const wanted = [shape, temperature, state.cut];
    if (wanted.every((part, index) => part === asked[index])) show();
    else ask({ shape, temperature, values: { ...state.cut, pLess: 1 } });
    asked = wanted;
  };
}
