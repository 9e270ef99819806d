import { counted } from '../charts/counts.js';
import { valueField } from '../controls.js';
import { el, find, findInput } from '../dom.js';
import { MAX_DRAWS, MAX_SEED, SEED } from '../fields.js';
import { figure } from '../figure.js';
import { count, name, number, percent, typed } from '../format.js';
import { actingStages, settingsOf } from '../stages.js';
import { createRun } from './drawrun.js';
import { mountStep } from './drawstep.js';
import { showTest } from './drawtest.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {import('./drawrun.js').Run} Run */

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<import('../charts/counts.js').Counted>) => (run: Run) => void} */
const histogram = figure;

/** A value in a program; JSON has no Infinity. @param {unknown} value */
const written = (value) => (typeof value === 'number' ? String(value) : JSON.stringify(value));

/** @param {State} state @param {Run} run @returns {string} a program that draws the same tokens */
function program({ logits, options, order, seed, draw: { count: draws } }, { first }) {
  const literal = seed > BigInt(Number.MAX_SAFE_INTEGER) ? `${seed}n` : String(seed);
  const more = draws > first.length ? ', …' : '';
  const tokens = first.length > 0 ? `\n// ${first.join(', ')}${more}` : '';
  const chain = Object.entries({ ...options, ...(order === 'logitkit' ? {} : { order }) });
  const listed = [...chain.map(([key, value]) => `${key}: ${written(value)}`), `seed: ${literal}`].join(', ');
  return `import { Sampler } from 'logitkit';

const logits = Float32Array.of(${logits.join(', ')});
const sampler = new Sampler(${logits.length}, { ${listed} });
for (let i = 0; i < ${Math.max(1, draws)}; i++) {
  console.log(sampler.sample(logits));
}${tokens}`;
}

/** @param {State} state @param {Run} run @returns {string} */
function reading({ seed }, { drawn, counts, probs, recent }) {
  if (drawn === 0) return `Nothing drawn yet with seed ${seed}.`;
  if (drawn === 1)
    return `The first token of seed ${seed} is ${name(recent[0])}, of probability ${number(probs[recent[0]])}.`;
  const top = counts.indexOf(Math.max(...counts));
  return (
    `${count(drawn)} tokens drawn; the latest is ${name(recent[0])}. Most often drawn is ${name(top)}: ` +
    `${percent(counts[top] / drawn)}, expected ${percent(probs[top])}.`
  );
}

/** What acts on the draw besides the temperature, in its order. @param {State} state */
const besides = ({ options, order }) =>
  actingStages({ options, order })
    .filter((stage) => stage !== 'temperature')
    .map((stage) => `, ${settingsOf(options, stage)}`)
    .join('');

const PACE = 200; // draws in a frame: slow enough to be watched

/** Draws in every frame until it is told to stop, and how many that is in a second. @param {HTMLElement} section @param {import('../state.js').Store} store */
function endless(section, store) {
  const button = find(section, '#draw-on');
  let from = { time: 0, count: 0 };
  let on = false;

  function stop() {
    on = false;
    button.setAttribute('aria-pressed', 'false');
    button.textContent = 'Keep drawing';
  }
  button.addEventListener('click', () => {
    if (on) return stop();
    on = true;
    from = { time: performance.now(), count: store.get().draw.count };
    button.setAttribute('aria-pressed', 'true');
    button.textContent = 'Stop';
    store.set({ draw: { count: Math.min(MAX_DRAWS, from.count + 1) } });
  });
  return {
    /** @param {Run} run */
    more(run) {
      if (!on) return;
      if (run.drawn >= MAX_DRAWS) return stop();
      run.drawUntil(Math.min(MAX_DRAWS, run.drawn + PACE));
      store.set({ draw: { count: run.drawn } }, { undoable: false });
      const seconds = (performance.now() - from.time) / 1000;
      find(section, '#draw-rate').textContent =
        `${count(Math.round((run.drawn - from.count) / seconds))} tokens a second.`;
    },
    stop,
  };
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store */
function controls(section, store) {
  const more = (/** @type {number} */ by) =>
    store.set({ draw: { count: Math.min(MAX_DRAWS, store.get().draw.count + by) } });
  find(section, '#draw-one').addEventListener('click', () => more(1));
  for (const button of section.querySelectorAll('[data-draw]')) {
    button.addEventListener('click', () => more(Number(/** @type {HTMLElement} */ (button).dataset.draw)));
  }
  find(section, '#draw-none').addEventListener('click', () => store.set({ draw: { count: 0 } }));
  find(section, '#next-seed').addEventListener('click', () => {
    const { seed } = store.get();
    store.set({ seed: seed === MAX_SEED ? 0n : seed + 1n });
  });
  return valueField(findInput(section, '#seed'), find(section, '#seed-problem'), {
    field: SEED,
    get: () => store.get().seed,
    set: (seed) => store.set({ seed }),
  });
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store @returns {(state: State) => void} */
export function mount(section, store) {
  const update = histogram(find(section, '#figure-histogram'), counted('drawn'));
  const showStep = mountStep(section, store);
  const stream = endless(section, store);
  const showSeed = controls(section, store);
  const tokens = find(section, '#tokens');
  /** @type {Run | undefined} */
  let run;
  /** @type {unknown[]} */
  let of = [];
  let drawing = false;

  /** @param {State} state @param {Run} current */
  function show(state, current) {
    update(current);
    tokens.replaceChildren(...current.recent.map((token) => el('li', {}, name(token))));
    find(section, '#tokens-title').hidden = current.drawn === 0;
    find(section, '[data-reading]').textContent = reading(state, current);
    find(section, '#draw-code').textContent = program(state, current);
    showStep(state, current);
    showTest(find(section, '#test-terms'), find(section, '#test-text'), state, current);
    section.dataset.drawn = String(current.drawn);
  }

  /** Draws for a frame; a large number takes several, and the page stays usable. */
  function step() {
    const state = store.get();
    if (!run) return;
    run.drawUntil(state.draw.count);
    drawing = run.drawn < state.draw.count;
    show(state, run);
    if (drawing) requestAnimationFrame(step);
    else stream.more(run);
  }

  return (state) => {
    const { logits, options, order, seed, draw } = state;
    const wanted = [logits, options, order, seed];
    if (!run || wanted.some((part, index) => part !== of[index]) || draw.count < run.drawn) {
      stream.stop();
      run?.end();
      run = createRun(state);
      of = wanted;
      find(section, '#draw-chain').textContent = besides(state);
    }
    showSeed();
    const left = MAX_DRAWS - draw.count;
    for (const button of section.querySelectorAll('#draw-one, #draw-on, [data-draw]')) {
      button.toggleAttribute('disabled', left === 0);
    }
    const link = find(section, '#draw-temperature');
    link.textContent = `temperature ${typed(options.temperature ?? 1)}`;
    if (!drawing) step();
  };
}
