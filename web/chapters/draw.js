import { Sampler } from 'logitkit';
import { drawBars } from '../charts/bars.js';
import { valueField } from '../controls.js';
import { el, find, findInput } from '../dom.js';
import { figure } from '../figure.js';
import { count, name, named, number, percent, typed } from '../format.js';
import { FIELDS, MAX_DRAWS, MAX_SEED, parseSeed } from '../state.js';

/** @typedef {import('../state.js').State} State */

const RECENT = 24; // tokens that are listed
const FIRST = 5; // tokens that the code example names
const FRAME = 6; // milliseconds of drawing before the page is shown again

/**
 * The first tokens of a seed, counted. They depend on nothing but the state, so a link replays them.
 * @param {State} state
 */
function createRun({ scores, temperature, seed }) {
  const sampler = new Sampler(scores.length, { temperature, seed });
  const logits = Float32Array.from(scores);
  const probs = new Array(scores.length).fill(0);
  const law = sampler.distribution(logits);
  for (const [rank, id] of law.ids.entries()) probs[id] = law.probs[rank];
  return {
    scores,
    probs,
    counts: new Array(scores.length).fill(0),
    drawn: 0,
    /** @type {number[]} */ first: [],
    /** @type {number[]} */ recent: [],
    /** @param {number} target */
    drawUntil(target) {
      const deadline = performance.now() + FRAME;
      while (this.drawn < target && performance.now() < deadline) {
        const token = sampler.sample(logits);
        this.counts[token]++;
        this.drawn++;
        if (this.first.length < FIRST) this.first.push(token);
        if (this.recent.unshift(token) > RECENT) this.recent.pop();
      }
    },
    end: () => sampler.dispose(),
  };
}

/** @typedef {ReturnType<typeof createRun>} Run */

/** What a count of n draws is expected to be, give or take. @param {number} p @param {number} n */
function expectation(p, n) {
  const spread = 2 * Math.sqrt(n * p * (1 - p));
  return { mean: n * p, low: Math.max(0, n * p - spread), high: Math.min(n, n * p + spread) };
}

/** @param {HTMLElement} section */
function histogram(section) {
  return figure(find(section, '#figure-histogram'), {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {Run} run */
    draw(svg, width, { scores, counts, probs, drawn }) {
      const bars = counts.map((value, index) => {
        const { mean, low, high } = expectation(probs[index], drawn);
        return {
          name: named(index, scores[index]),
          value,
          text: count(value),
          mark: mean,
          range: /** @type {[number, number]} */ ([low, high]),
        };
      });
      drawBars(svg, width, drawn === 0 ? { bars, domain: [0, 1] } : { bars });
    },
    label: ({ counts, drawn }) =>
      `Bars of how often each score was drawn in ${count(drawn)} draws: ${counts.map(count).join(', ')}`,
    table: ({ counts, probs, drawn }) => ({
      head: ['Name', 'Probability', 'Drawn', 'Expected'],
      rows: counts.map((value, index) => [
        name(index),
        probs[index],
        { value, text: count(value) },
        probs[index] * drawn,
      ]),
    }),
  });
}

/** @param {State} state @param {Run} run @returns {string} a program that draws the same tokens */
function program({ scores, temperature, seed, draws }, { first }) {
  const literal = seed > BigInt(Number.MAX_SAFE_INTEGER) ? `${seed}n` : String(seed);
  const more = draws > first.length ? ', …' : '';
  const tokens = first.length > 0 ? `\n// ${first.join(', ')}${more}` : '';
  return `import { Sampler } from 'logitkit';

const logits = Float32Array.of(${scores.join(', ')});
const sampler = new Sampler(${scores.length}, { temperature: ${temperature}, seed: ${literal} });
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

/** @param {HTMLElement} section @param {import('../state.js').Store} store */
function controls(section, store) {
  const more = (/** @type {number} */ by) =>
    store.set({ draws: Math.min(MAX_DRAWS, store.get().draws + by) });
  find(section, '#draw-one').addEventListener('click', () => more(1));
  for (const button of section.querySelectorAll('[data-draw]')) {
    button.addEventListener('click', () => more(Number(/** @type {HTMLElement} */ (button).dataset.draw)));
  }
  find(section, '#draw-none').addEventListener('click', () => store.set({ draws: 0 }));
  find(section, '#next-seed').addEventListener('click', () => {
    const { seed } = store.get();
    store.set({ seed: seed === MAX_SEED ? 0n : seed + 1n });
  });
  return valueField(findInput(section, '#seed'), find(section, '#seed-problem'), {
    parse: parseSeed,
    write: String,
    get: () => store.get().seed,
    set: (seed) => store.set({ seed }),
    expects: FIELDS[3].expects,
  });
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store @returns {(state: State) => void} */
export function mount(section, store) {
  const update = histogram(section);
  const showSeed = controls(section, store);
  const tokens = find(section, '#tokens');
  /** @type {Run | undefined} */
  let run;
  let of = '';
  let drawing = false;

  /** @param {State} state @param {Run} current */
  function show(state, current) {
    update(current);
    tokens.replaceChildren(...current.recent.map((token) => el('li', {}, name(token))));
    find(section, '#tokens-title').hidden = current.drawn === 0;
    find(section, '[data-reading]').textContent = reading(state, current);
    find(section, '#draw-code').textContent = program(state, current);
    section.dataset.drawn = String(current.drawn);
  }

  /** Draws for a frame; a large number takes several, and the page stays usable. */
  function step() {
    const state = store.get();
    if (!run) return;
    run.drawUntil(state.draws);
    drawing = run.drawn < state.draws;
    show(state, run);
    if (drawing) requestAnimationFrame(step);
  }

  return (state) => {
    const wanted = [state.scores, state.temperature, state.seed].join(';');
    if (!run || wanted !== of || state.draws < run.drawn) {
      run?.end();
      run = createRun(state);
      of = wanted;
    }
    showSeed();
    const left = MAX_DRAWS - state.draws;
    for (const button of section.querySelectorAll('#draw-one, [data-draw]')) {
      button.toggleAttribute('disabled', left === 0);
    }
    const link = find(section, '#draw-temperature');
    link.textContent = `temperature ${typed(state.temperature)}`;
    if (!drawing) step();
  };
}
