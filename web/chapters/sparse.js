import { entmax, entmax15, softmax, sparsemax } from 'logitkit';
import { drawShares } from '../charts/bars.js';
import { drawCompare } from '../charts/compare.js';
import { drawLines } from '../charts/lines.js';
import { choices } from '../controls.js';
import { find } from '../dom.js';
import { EXAMPLES, PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { name, named, number, typed } from '../format.js';
import { slider, temperatureSlider } from '../slider.js';
import { temperatureOf } from '../state.js';

const MAPS = [
  { title: 'softmax', of: softmax },
  { title: 'entmax 1.5', of: entmax15 },
  { title: 'sparsemax', of: sparsemax },
];
const LEADS = Array.from({ length: 121 }, (_, index) => -3 + index / 20);
const CURVES = MAPS.map(({ title, of }) => ({ name: title, ys: LEADS.map((lead) => of([lead, 0])[0]) }));
const SETS = [
  ...EXAMPLES.map(({ name, logits }) => ({ text: name, patch: { logits } })),
  { text: 'Close together', patch: { logits: [1.2, 1, 0.8, 0.5, 0.1, -0.4] } },
];

/** @param {number[]} scores @param {number} temperature @param {number} alpha */
function compute(scores, temperature, alpha) {
  const laws = MAPS.map(({ of }) => Array.from(of(scores, { temperature })));
  const own = alpha === 1 ? laws[0] : Array.from(entmax(scores, alpha, { temperature }));
  return { scores, laws, alpha, own };
}

/** @typedef {ReturnType<typeof compute>} Maps */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Maps>) => (maps: Maps) => void} */
const mapFigure = figure;

/** @param {HTMLElement} section */
function figures(section) {
  const heads = MAPS.map(({ title }) => title);
  const three = mapFigure(find(section, '#figure-sparse'), {
    draw: (svg, width, { scores, laws }) =>
      drawCompare(svg, width, {
        domain: [0, 1],
        groups: scores.map((x, index) => {
          const values = laws.map((law) => law[index]);
          return { name: named(index, x), values, texts: values.map(number) };
        }),
      }),
    label: ({ laws }) => laws.map((law, at) => `${heads[at]}: ${law.map(number).join(', ')}`).join('; '),
    table: ({ scores, laws }) => ({
      head: ['Name', ...heads],
      rows: scores.map((_, index) => [name(index), ...laws.map((law) => law[index])]),
    }),
  });
  const lead = mapFigure(find(section, '#figure-lead'), {
    draw: (svg, width) =>
      drawLines(svg, width, {
        series: CURVES,
        xs: LEADS,
        domain: [0, 1],
        title: 'lead of the first score',
        measure: 'share of the first',
      }),
    label: () =>
      'Softmax is a smooth step; sparsemax a ramp from a lead of −1 to 1; entmax between them, from −2 to 2',
    table: () => ({
      head: ['Lead', ...heads],
      rows: LEADS.map((value, index) => [
        { value, text: typed(Number(value.toFixed(2))) },
        ...CURVES.map(({ ys }) => ys[index]),
      ]).filter((_, index) => index % 10 === 0),
    }),
  });
  const alpha = mapFigure(find(section, '#figure-alpha'), {
    draw: (svg, width, { scores, own, laws }) =>
      drawShares(svg, width, { scores, probs: own, marks: laws[0] }),
    label: ({ own, alpha }) => `Entmax with alpha ${typed(alpha)}: ${own.map(number).join(', ')}`,
    table: ({ own, laws }) => ({
      head: ['Name', 'At this α', 'Softmax'],
      rows: own.map((value, index) => [name(index), value, laws[0][index]]),
    }),
  });
  return [three, lead, alpha];
}

/** How many keep a share. @param {number[]} law */
const kept = (law) => law.filter((p) => p > 0).length;

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const updates = figures(section);
  choices(find(section, '#sparse-scores'), store, SETS);
  temperatureSlider(find(section, '#sparse-temperature'), store, 'sparse-temperature', [0.01, 1000]);
  slider(find(section, '#sparse-alpha'), store, {
    id: 'alpha',
    label: 'From softmax to sparsemax',
    symbol: 'α',
    field: PRIVATE.sparse.alpha,
    range: [1, 2],
    step: 0.01,
    get: (state) => state.sparse.alpha,
    patch: (alpha) => ({ sparse: { alpha } }),
  });
  const use = find(section, '#sparse-use');
  use.addEventListener('click', () => {
    const { transform } = store.get().options;
    store.set({ options: { transform: transform === 'sparsemax' ? 'softmax' : 'sparsemax' } });
  });

  return (state) => {
    const maps = compute([...state.logits], temperatureOf(state), state.sparse.alpha);
    for (const update of updates) update(maps);
    use.setAttribute('aria-pressed', String(state.options.transform === 'sparsemax'));
    const counts = maps.laws.map(kept);
    find(section, '[data-reading]').textContent =
      `Of ${maps.scores.length} scores, softmax gives a share to ${counts[0]}, entmax with 1.5 to ${counts[1]}, ` +
      `sparsemax to ${counts[2]}.`;
    find(section, '#alpha-reading').textContent =
      `With α = ${typed(maps.alpha)}, ${kept(maps.own)} of ${maps.scores.length} keep a share.`;
  };
}
