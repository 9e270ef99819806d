import { ENGINES, presets } from 'logitkit';
import { asker } from '../ask.js';
import { drawLaws } from '../charts/laws.js';
import { choices, sentence } from '../controls.js';
import { el, find, frac, math, mi, mn, mo, quantity, row, setTerms, sub } from '../dom.js';
import { CHAIN, ORDERS, readChain, writeChain } from '../fields.js';
import { figure } from '../figure.js';
import { FILTERS } from '../filters.js';
import { count, number, percent } from '../format.js';
import { slider } from '../slider.js';
import { sortable } from '../sortable.js';
import { actingStages, orderOf, settingsOf } from '../stages.js';
import { SHAPES } from '../vocabulary.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('../state.js').Store} Store */
/** @typedef {import('../jobs/order.js').Compared} Compared */
/** @typedef {import('../stages.js').Chain} Chain */

/** What stands in while the page's chain is empty. */
const STAND_IN = { temperature: 2, topP: 0.9 };
const NOTHING = Object.fromEntries(Object.entries(CHAIN).map(([name, { initial }]) => [name, initial]));
const { order: theirs = 'llama.cpp', ...defaults } = presets['llama.cpp'];

const CHAINS = [
  { text: 'Hot, and top-p', options: STAND_IN, order: /** @type {const} */ ('logitkit') },
  {
    text: 'Very hot, and min-p',
    options: { temperature: 4, minP: 0.1 },
    order: /** @type {const} */ ('logitkit'),
  },
  {
    text: 'Top-p, then typical',
    options: { topP: 0.8, typicalP: 0.5 },
    order: /** @type {const} */ ('logitkit'),
  },
  { text: 'llama.cpp’s defaults', options: defaults, order: theirs },
];

const SLIDERS = [
  { name: 'temperature', label: 'Temperature', range: [0.1, 10], step: 0.05, log: true },
  .../** @type {const} */ (['topK', 'topP', 'minP']).map((name) => ({
    name,
    label: `${FILTERS[name].title[0].toUpperCase()}${FILTERS[name].title.slice(1)}`,
    ...FILTERS[name],
  })),
];

/** The chain that the chapter is about. @param {State} state @returns {Chain} */
const chainOf = ({ options, order }) => ({
  options: Object.keys(options).length > 0 ? options : STAND_IN,
  order,
});

/** What it is compared with. @param {State} state @returns {Chain} */
function otherOf(state) {
  const { other, kept } = state.versus;
  if (other === 'kept') return /** @type {Chain} */ (readChain(kept));
  return { options: chainOf(state).options, order: other };
}

/** @param {Compared['chains'][number]} chain */
const last = ({ stages }) => stages[stages.length - 1];

/** What a stage did, for its item of a list. @param {string} settings @param {Compared['chains'][number] | undefined} chain @param {string} stage */
function account(settings, chain, stage) {
  const found = chain?.stages.find(({ name }) => name === stage);
  const text = found
    ? `${count(found.kept)} left, ${percent(found.mass)}, H\u00a0=\u00a0${number(found.entropy)}`
    : '…';
  return [el('b', {}, settings || stage), ' ', el('span', { class: 'did' }, text)];
}

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Compared>) => (compared: Compared) => void} */
const lawFigure = figure;

/** @param {HTMLElement} section */
const lawsFigure = (section) =>
  lawFigure(find(section, '#figure-laws'), {
    draw: (svg, width, { ranks, chains }) =>
      drawLaws(svg, width, {
        ranks,
        laws: chains.map(({ probs }, at) => ({ name: at === 0 ? 'A' : 'B', probs })),
      }),
    label: ({ chains: [a, b] }) =>
      `Probabilities over ranks: A ends after ${count(last(a)?.kept ?? 0)} tokens, B after ${count(last(b)?.kept ?? 0)}`,
    table: ({ ranks, chains: [a, b] }) => ({
      head: ['Rank', 'A', 'B'],
      rows: ranks.flatMap((rank, at) =>
        at % 12 === 0 || rank < 10 ? [[{ value: rank, text: count(rank) }, a.probs[at], b.probs[at]]] : [],
      ),
    }),
  });

const ROUNDING = 1e-6; // of a total variation: engines divide by T in their own ways

/** @param {Compared} compared @returns {string} */
function reading({ chains: [a, b], distance }) {
  if (!distance) return 'One of the two chains is refused, so there is nothing to compare.';
  const [left, right] = [last(a).kept, last(b).kept];
  if (distance.variation < ROUNDING && distance.onlyA + distance.onlyB === 0) {
    const nearly = distance.variation === 0 ? '' : ', up to rounding';
    return `A and B are the same law${nearly}: ${count(left)} ${left === 1 ? 'token' : 'tokens'} left.`;
  }
  return (
    `A leaves ${count(left)} of 128,256 tokens, B ${count(right)}. Total variation ${number(distance.variation)}: ` +
    `${count(distance.onlyA)} tokens can be drawn by A only, ${count(distance.onlyB)} by B only.`
  );
}

/** @param {string} from @param {string} to */
const divergence = (from, to) => row(mi('KL'), mo('('), mi(from), mo('∥'), mi(to), mo(')'));

/** @param {NonNullable<Compared['distance']>} distance */
const terms = ({ variation, divergence: forth, reverse }) => [
  math(
    mi('TV'),
    mo('='),
    frac(mn('1'), mn('2')),
    mo('∑'),
    row(mo('|'), sub(mi('p'), mi('A')), mo('−'), sub(mi('p'), mi('B')), mo('|')),
  ),
  math(mi('TV'), mo('='), quantity(variation)),
  math(divergence('A', 'B'), mo('='), quantity(forth)),
  math(divergence('B', 'A'), mo('='), quantity(reverse)),
];

/** @param {HTMLElement} section @param {Store} store */
function controls(section, store) {
  const problem = find(section, '#order-problem');
  choices(
    find(section, '#order-chains'),
    store,
    CHAINS.map(({ text, options, order }) => ({
      text,
      patch: { options: { ...NOTHING, ...options }, order },
    })),
  );
  for (const { name, label, range, step, log } of SLIDERS) {
    slider(find(section, `#order-${name}`), store, {
      id: `chain-${name}`,
      label,
      field: CHAIN[name],
      range: /** @type {[number, number]} */ (range),
      step,
      log,
      get: (state) => /** @type {any} */ (chainOf(state).options)[name] ?? CHAIN[name].initial,
      patch: (value) => ({
        options: { ...chainOf(store.get()).options, [name]: name === 'topK' ? Math.round(value) : value },
      }),
    });
  }
  const own = /** @type {HTMLSelectElement} */ (find(section, '#order-a-name'));
  own.append(
    ...ORDERS.map((name) => el('option', { value: name }, ENGINES[name].title)),
    el('option', { value: 'own' }, 'my own'),
  );
  own.addEventListener('change', () => {
    const { options } = chainOf(store.get());
    const order = own.value === 'own' ? orderOf(actingStages(chainOf(store.get()))) : own.value;
    problem.textContent = sentence(store.set({ options, order: /** @type {any} */ (order) }));
    showNames(store.get());
  });
  const other = /** @type {HTMLSelectElement} */ (find(section, '#order-b-name'));
  other.append(
    ...ORDERS.map((name) => el('option', { value: name }, `A in the order of ${ENGINES[name].title}`)),
    el('option', { value: 'kept' }, 'what I kept'),
  );
  other.addEventListener('change', () => store.set({ versus: { other: /** @type {any} */ (other.value) } }));
  find(section, '#order-keep').addEventListener('click', () =>
    store.set({ versus: { other: 'kept', kept: writeChain(chainOf(store.get())) } }),
  );

  /** @param {State} state */
  function showNames({ order, versus }) {
    own.value = typeof order === 'string' ? order : 'own';
    other.value = versus.other;
  }
  return showNames;
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const update = lawsFigure(section);
  const showNames = controls(section, store);
  const note = find(section, '#order-note');
  const listB = find(section, '#order-b');
  const listA = sortable(/** @type {HTMLOListElement} */ (find(section, '#order-a')), {
    name: (stage) => stage,
    move: (stages) =>
      store.set({ options: chainOf(store.get()).options, order: orderOf(/** @type {any} */ (stages)) }),
  });
  /** @type {Compared | undefined} */
  let answer;
  /** @type {import('../stages.js').StageName[]} */
  let acting = [];

  function showLists() {
    const [a, b] = [chainOf(store.get()), otherOf(store.get())];
    const [first, second] = answer?.chains ?? [];
    listA(
      acting.map((stage) => ({
        key: stage,
        content: account(settingsOf(a.options, stage), first, stage),
      })),
    );
    find(section, '#order-b-problem').textContent = sentence(second?.problem ?? '');
    const stages = (second?.stages ?? []).filter(({ name }) => name !== 'logits');
    listB.replaceChildren(
      ...stages.map(({ name: stage }) =>
        el('li', {}, el('span', { class: 'what' }, ...account(settingsOf(b.options, stage), second, stage))),
      ),
    );
  }

  const ask = asker(section, 'order', (compared) => {
    answer = compared;
    showLists();
    update(compared);
    find(section, '[data-reading]').textContent = reading(compared);
    setTerms(find(section, '#order-terms'), compared.distance ? terms(compared.distance) : []);
  });
  /** @type {unknown[]} */
  let asked = [];

  return (state) => {
    const { shape } = state.truncation;
    showNames(state);
    find(section, '#order-shape').textContent = SHAPES[shape].title.toLowerCase();
    note.textContent =
      Object.keys(state.options).length > 0
        ? ''
        : 'The chain of this page is empty so far: temperature 2 and top-p 0.9 stand in until you choose.';
    const wanted = [shape, state.options, state.order, state.versus];
    if (wanted.some((part, index) => part !== asked[index])) {
      acting = actingStages(chainOf(state));
      showLists();
      ask({ shape, a: chainOf(state), b: otherOf(state) });
    }
    asked = wanted;
  };
}
