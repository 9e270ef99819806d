import { drawCompare } from '../charts/compare.js';
import { counted } from '../charts/counts.js';
import { el, find, frac, math, mi, mn, mo, quantity, row, setTerms, sup } from '../dom.js';
import { MAX_STEPS, PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { count, name, named, number } from '../format.js';
import { slider } from '../slider.js';
import { showTest } from './drawtest.js';
import { createSpeculation } from './speculation.js';

/** @typedef {import('./speculation.js').Speculation} Speculation */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<any>) => (run: Speculation) => void} */
const runFigure = figure;

/** What replacements are drawn from; nothing where q is p. @param {Speculation} run */
function residual({ probs, q }) {
  const lacks = probs.map((p, id) => Math.max(0, p - q[id]));
  const total = lacks.reduce((sum, each) => sum + each, 0);
  return lacks.map((each) => (total > 0 ? each / total : 0));
}

/** @param {HTMLElement} section */
const modelsFigure = (section) =>
  runFigure(find(section, '#figure-guess'), {
    draw: (svg, width, run) => {
      const laws = [run.probs, run.q, residual(run)];
      drawCompare(svg, width, {
        domain: [0, 1],
        groups: run.scores.map((/** @type {number} */ x, /** @type {number} */ id) => {
          const values = laws.map((law) => law[id]);
          return { name: named(id, x), values, texts: values.map(number) };
        }),
      });
    },
    label: ({ probs, q }) =>
      `Large model: ${probs.map(number).join(', ')}; small model: ${q.map(number).join(', ')}`,
    table: (run) => {
      const left = residual(run);
      return {
        head: ['Name', 'p', 'q', 'Accepted', 'Replacement'],
        rows: run.probs.map((/** @type {number} */ p, /** @type {number} */ id) => [
          name(id),
          p,
          run.q[id],
          run.q[id] > 0 ? Math.min(1, p / run.q[id]) : 0,
          left[id],
        ]),
      };
    },
  });

/** @param {Speculation} run @param {number} guesses */
function terms({ acceptance, steps, drawn }, guesses) {
  const expected = acceptance === 1 ? guesses + 1 : (1 - acceptance ** (guesses + 1)) / (1 - acceptance);
  const alpha = () => mi('α');
  const list = [
    math(
      alpha(),
      mo('='),
      mo('∑'),
      row(mi('min'), mo('('), mi('p'), mo(','), mi('q'), mo(')')),
      mo('='),
      quantity(acceptance),
    ),
    math(
      frac(
        row(mn('1'), mo('−'), sup(alpha(), row(mi('k'), mo('+'), mn('1')))),
        row(mn('1'), mo('−'), alpha()),
      ),
      mo('='),
      quantity(expected),
    ),
  ];
  if (steps > 0) list.push(math(mi('tokens'), mo('∕'), mi('steps'), mo('='), quantity(drawn / steps)));
  return list;
}

/** @param {Speculation} run @returns {string} */
function reading({ steps, drawn, accepted, latest }) {
  if (steps === 0) return 'No step yet.';
  const all = latest.accepted === latest.guesses.length;
  const last = name(latest.tokens[latest.tokens.length - 1]);
  const end = all
    ? `all ${latest.guesses.length} guesses were accepted, and the large model added ${last}`
    : `${latest.accepted} of ${latest.guesses.length} guesses were accepted, and ${last} came in place of ${name(latest.guesses[latest.accepted])}`;
  return (
    `Step ${count(steps)}: ${end}. So far ${count(drawn)} tokens in ${count(steps)} ${steps === 1 ? 'step' : 'steps'} of the ` +
    `large model, ${count(accepted)} of them guessed.`
  );
}

/** @param {Speculation['latest']} latest @returns {HTMLElement[]} */
function verdicts({ guesses, tokens, accepted }) {
  const items = guesses.map((guess, at) => {
    if (at < accepted) return el('li', { class: 'accepted' }, `${name(guess)} accepted`);
    if (at > accepted) return el('li', { class: 'dropped' }, el('s', {}, name(guess)), ' dropped');
    return el(
      'li',
      { class: 'rejected' },
      el('s', {}, name(guess)),
      ` rejected, ${name(tokens[at])} instead`,
    );
  });
  if (tokens.length > guesses.length) {
    items.push(el('li', { class: 'added' }, `${name(tokens[tokens.length - 1])} added`));
  }
  return items;
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store */
function controls(section, store) {
  slider(find(section, '#speculative-step'), store, {
    id: 'rough',
    label: 'Rounds to multiples of',
    field: PRIVATE.speculative.step,
    range: [0, 10],
    step: 0.1,
    get: ({ speculative }) => speculative.step,
    patch: (step) => ({ speculative: { step } }),
  });
  slider(find(section, '#speculative-guesses'), store, {
    id: 'guesses',
    label: 'Guesses at once',
    symbol: 'k',
    field: PRIVATE.speculative.guesses,
    range: [1, 8],
    step: 1,
    get: ({ speculative }) => speculative.guesses,
    patch: (guesses) => ({ speculative: { guesses } }),
  });
  const more = (/** @type {number} */ by) =>
    store.set({ speculative: { steps: Math.min(MAX_STEPS, store.get().speculative.steps + by) } });
  find(section, '#speculative-one').addEventListener('click', () => more(1));
  for (const button of section.querySelectorAll('[data-steps]')) {
    button.addEventListener('click', () => more(Number(/** @type {HTMLElement} */ (button).dataset.steps)));
  }
  find(section, '#speculative-none').addEventListener('click', () =>
    store.set({ speculative: { steps: 0 } }),
  );
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const updateModels = modelsFigure(section);
  const updateCounts = runFigure(find(section, '#figure-verified'), counted('verified'));
  controls(section, store);
  /** @type {Speculation | undefined} */
  let run;
  /** @type {unknown[]} */
  let of = [];
  let working = false;

  /** @param {Speculation} current */
  function show(current) {
    const state = store.get();
    updateCounts(current);
    find(section, '[data-reading]').textContent = reading(current);
    find(section, '#speculative-tokens').replaceChildren(...verdicts(current.latest));
    setTerms(find(section, '#speculative-terms'), terms(current, state.speculative.guesses));
    showTest(find(section, '#speculative-test'), find(section, '#speculative-text'), state, current);
    section.dataset.steps = String(current.steps);
  }

  /** Works for a frame; many steps take several, and the page stays usable. */
  function step() {
    if (!run) return;
    const { steps } = store.get().speculative;
    run.stepUntil(steps);
    working = run.steps < steps;
    show(run);
    if (working) requestAnimationFrame(step);
  }

  return ({ logits, options, order, seed, speculative }) => {
    const wanted = [logits, options, order, seed, speculative.step, speculative.guesses];
    if (!run || wanted.some((part, index) => part !== of[index]) || speculative.steps < run.steps) {
      run?.end();
      run = createSpeculation(store.get());
      of = wanted;
      updateModels(run);
    }
    for (const button of section.querySelectorAll('#speculative-one, [data-steps]')) {
      button.toggleAttribute('disabled', speculative.steps >= MAX_STEPS);
    }
    if (!working) step();
  };
}
