import { entropy, klDivergence, softmax } from 'logitkit';
import { drawCompare } from '../charts/compare.js';
import { drawLines } from '../charts/lines.js';
import { el, find, math, mi, mo, quantity, row, setTerms, sub } from '../dom.js';
import { MAX_SCORES } from '../fields.js';
import { figure } from '../figure.js';
import { name, named, number, typed } from '../format.js';
import { temperatureOf } from '../state.js';
import { powers, share, shift } from '../steps.js';

const LIMIT = 3;
const LEAST = 0.02; // nats that the axis spans at least
const CERTAIN = 1 - 1e-6; // above it float32 leaves nothing to move
const HALVINGS = 45;
const PARTS = Array.from({ length: 26 }, (_, index) => (index - 10) / 10);

/** @param {readonly number[]} weights @param {readonly number[]} values */
const mean = (weights, values) => weights.reduce((sum, weight, index) => sum + weight * values[index], 0);

/**
 * The mean that logits lead to, in float64: what is looked for here must be found more exactly than float32 probabilities
 * can say, or the entropies would tremble. The page shows only what the library makes of the logits found.
 * @param {readonly number[]} logits @param {readonly number[]} values
 */
function meanOf(logits, values) {
  const max = Math.max(...logits);
  return mean(share(powers(shift(logits, max))), values);
}

/**
 * The logits of the distribution that a push leads to: x at the inverse temperature at which the mean is still `target`,
 * plus the push. The mean grows with the inverse temperature, so halving an interval finds it.
 * @param {number[]} scores @param {number[]} push @param {number} start an inverse temperature @param {number} target
 */
function balanced(scores, push, start, target) {
  const at = (/** @type {number} */ beta) => scores.map((x, index) => beta * x + push[index]);
  const excess = (/** @type {number} */ beta) => meanOf(at(beta), scores) - target;
  let [low, high] = [start, start];
  for (let reach = 1; excess(low) > 0 && reach < 1e6; reach *= 2) low -= reach;
  for (let reach = 1; excess(high) < 0 && reach < 1e6; reach *= 2) high += reach;
  for (let i = 0; i < HALVINGS && low < high; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return at((low + high) / 2);
}

/** @param {readonly number[]} logits @param {number} temperature @param {readonly number[]} pushes */
function compute(logits, temperature, pushes) {
  const scores = [...logits];
  const push = scores.map((_, index) => pushes[index] ?? 0);
  const p = Array.from(softmax(scores, { temperature }));
  const base = { scores, p, target: mean(p, scores), entropyOfP: entropy(scores, { temperature }) };
  if (temperature === 0 || Math.max(...p) > CERTAIN) {
    return { ...base, q: p, entropyOfQ: base.entropyOfP, divergence: 0, path: undefined };
  }
  const start = 1 / temperature;
  const plain = scores.map((x) => x * start);
  const along = (/** @type {number} */ part) =>
    balanced(
      scores,
      push.map((each) => each * part),
      start,
      meanOf(plain, scores),
    );
  const own = along(1);
  return {
    ...base,
    q: Array.from(softmax(own)),
    entropyOfQ: entropy(own),
    divergence: klDivergence(own, plain),
    path: PARTS.map((part) => entropy(along(part))),
  };
}

/** @typedef {ReturnType<typeof compute>} Rivals */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Rivals>) => (rivals: Rivals) => void} */
const rivalFigure = figure;

/** @param {HTMLElement} section */
function figures(section) {
  const both = rivalFigure(find(section, '#figure-maxent'), {
    draw: (svg, width, { scores, p, q }) =>
      drawCompare(svg, width, {
        domain: [0, 1],
        groups: scores.map((x, index) => ({
          name: named(index, x),
          values: [p[index], q[index]],
          texts: [number(p[index]), number(q[index])],
        })),
      }),
    label: ({ p, q }) => `Softmax: ${p.map(number).join(', ')}; yours: ${q.map(number).join(', ')}`,
    table: ({ scores, p, q }) => ({
      head: ['Name', 'Score', 'Softmax', 'Yours'],
      rows: scores.map((value, index) => [name(index), { value, text: typed(value) }, p[index], q[index]]),
    }),
  });
  const path = rivalFigure(find(section, '#figure-path'), {
    draw: (svg, width, { path, entropyOfP }) => {
      const ys = path ?? PARTS.map(() => entropyOfP);
      const low = Math.min(entropyOfP - LEAST, ...ys);
      const margin = (entropyOfP - low) * 0.1 || 0.1;
      drawLines(svg, width, {
        series: [{ name: 'H', ys }],
        xs: PARTS,
        domain: [Math.max(0, low - margin), entropyOfP + margin],
        title: 'how far from softmax',
        measure: 'entropy in nats',
        at: 1,
      });
    },
    label: ({ entropyOfP, entropyOfQ }) =>
      `Entropy along the push: highest at softmax, ${number(entropyOfP)}, and ${number(entropyOfQ)} for yours`,
    table: ({ path, entropyOfP }) => ({
      head: ['Part of the push', 'Entropy in nats'],
      rows: PARTS.map((value, index) => [
        { value, text: typed(value) },
        path ? path[index] : entropyOfP,
      ]).filter((_, index) => index % 5 === 0),
    }),
  });
  return [both, path];
}

/** @param {string} letter */
const of = (letter) => row(mo('('), mi(letter), mo(')'));

/** @param {Rivals} rivals @returns {Element[]} */
function terms({ scores, target, q, entropyOfP, entropyOfQ, divergence }) {
  return [
    math(sub(mi('x̄'), mi('p')), mo('='), quantity(target)),
    math(sub(mi('x̄'), mi('q')), mo('='), quantity(mean(q, scores))),
    math(mi('H'), of('q'), mo('='), quantity(entropyOfQ)),
    math(mi('KL'), row(mo('('), mi('q'), mo('∥'), mi('p'), mo(')')), mo('='), quantity(divergence)),
    math(mi('H'), of('p'), mo('='), quantity(entropyOfP)),
  ];
}

/** @param {Rivals} rivals @returns {string} */
function reading({ scores, path, divergence, entropyOfP, entropyOfQ }) {
  if (!path) return 'Softmax is certain here: this mean leaves no other distribution. Raise the temperature.';
  if (new Set(scores).size === 2 && scores.length === 2)
    return 'With two scores the mean decides everything. Add a third.';
  if (divergence < 1e-9)
    return `Nothing is pushed: your entropy is that of softmax, ${number(entropyOfP)} nats.`;
  return `Your entropy is ${number(entropyOfQ)} nats; softmax has ${number(entropyOfP)}, which is ${number(divergence)} more.`;
}

/** One slider for each score. @param {HTMLElement} list @param {import('../state.js').Store} store */
function pushList(list, store) {
  /** @type {{item: HTMLLIElement, knob: HTMLInputElement, output: HTMLOutputElement}[]} */
  const rows = [];
  const current = () => store.get().logits.map((_, index) => store.get().maxent.push[index] ?? 0);

  /** @param {number} index */
  function add(index) {
    const id = `push-${index + 1}`;
    const knob = el('input', { type: 'range', id, min: -LIMIT, max: LIMIT, step: 0.1, class: 'wide' });
    const output = el('output', { for: id });
    knob.addEventListener('input', () => {
      const push = current().map((each, at) => (at === index ? knob.valueAsNumber : each));
      store.set({ maxent: { push } });
    });
    const item = el('li', { class: 'row' }, el('label', { for: id }, name(index)), knob, output);
    rows.push({ item, knob, output });
    list.append(item);
  }

  store.subscribe(({ logits, maxent: { push } }) => {
    while (rows.length < Math.min(MAX_SCORES, logits.length)) add(rows.length);
    while (rows.length > logits.length) rows.pop()?.item.remove();
    for (const [index, { knob, output }] of rows.entries()) {
      const value = push[index] ?? 0;
      if (knob.valueAsNumber !== value) knob.value = String(value);
      output.value = typed(value);
    }
  });
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const updates = figures(section);
  pushList(find(section, '#pushes'), store);
  find(section, '#maxent-relax').addEventListener('click', () => {
    const push = store.get().maxent.push.map((each) => Math.trunc(each * 5) / 10);
    store.set({ maxent: { push } });
  });
  find(section, '#maxent-release').addEventListener('click', () => store.set({ maxent: { push: [0] } }));

  return (state) => {
    const rivals = compute(state.logits, temperatureOf(state), state.maxent.push);
    for (const update of updates) update(rivals);
    setTerms(find(section, '#maxent-terms'), terms(rivals));
    find(section, '[data-reading]').textContent = reading(rivals);
    find(section, '#maxent-temperature').textContent = `temperature ${typed(temperatureOf(state))}`;
    const still = state.maxent.push.every((each) => each === 0);
    for (const button of ['#maxent-relax', '#maxent-release']) {
      find(section, button).toggleAttribute('disabled', still);
    }
  };
}
