/** One draw, step by step: the uniform on the cumulative line, or the race of Gumbel noise. */
import { Sampler } from 'logitkit';
import { drawBars } from '../charts/bars.js';
import { drawCumulative } from '../charts/cumulative.js';
import { choices } from '../controls.js';
import { find, ln, math, mi, mn, mo, quantity, row, setTerms, sub } from '../dom.js';
import { figure } from '../figure.js';
import { count, name, number } from '../format.js';
import { samplerOptions, temperatureOf } from '../state.js';
import { PURPOSE, uniform } from '../uniforms.js';
import { remembers } from './drawrun.js';

/** @typedef {import('../state.js').State} State */
/** @typedef {{id: number, p: number}} Candidate */
/**
 * @typedef {object} Step what the library did for one token
 * @property {'line' | 'race' | 'certain' | 'hidden'} kind `hidden`: the page does not take it apart
 * @property {number} position of the token, from 0
 * @property {number} token
 * @property {Candidate[]} candidates on the line, in its order
 * @property {number} u
 * @property {string[]} refused tokens that the line hit before, and that top-p had removed
 * @property {{id: number, start: number, u: number, noise: number}[]} runners
 */

/** Options beside which the page knows how top-p is drawn: by trying, and trying again. */
const PLAIN = ['temperature', 'topP', 'minP', 'firstTokenCutoff', 'method'];

const METHODS = [
  { text: 'A point on a line', patch: { options: { method: /** @type {const} */ ('exact') } } },
  { text: 'A race', patch: { options: { method: /** @type {const} */ ('gumbel') } } },
];

/** @param {State} state @param {import('logitkit').SamplerOptions} [without] @returns {Candidate[]} the likeliest first */
function law(state, without = {}) {
  const sampler = new Sampler(state.logits.length, { ...samplerOptions(state), ...without });
  const { ids, probs } = sampler.distribution([...state.logits]);
  sampler.dispose();
  return Array.from(ids, (id, rank) => ({ id, p: probs[rank] }));
}

/** Where u times the sum of all falls. @param {Candidate[]} candidates @param {number} u */
function hit(candidates, u) {
  let left = u * candidates.reduce((sum, { p }) => sum + p, 0);
  for (const candidate of candidates) {
    if (left < candidate.p) return candidate;
    left -= candidate.p;
  }
  return candidates[candidates.length - 1];
}

/**
 * The point on the line, as the library's header defines it for rows this short: a top-k makes a sorted list; without one
 * the candidates stand by their number, and a top-p refuses what it has removed until the point hits what it kept.
 * @param {State} state @param {number} position @returns {Pick<Step, 'candidates' | 'u' | 'refused'>}
 */
function onLine(state, position) {
  const { seed, options } = state;
  const kept = law(state);
  const byNumber = (/** @type {Candidate[]} */ all) => [...all].sort((a, b) => a.id - b.id);
  if (options.topK) return { candidates: kept, u: uniform(seed, position, PURPOSE.draw, 0), refused: [] };
  const late = (options.topP ?? 1) < 1 && Object.keys(options).every((each) => PLAIN.includes(each));
  let left = late ? law(state, { topP: 1 }) : kept;
  const refused = [];
  for (let attempt = 0; ; attempt++) {
    const u = uniform(seed, position, PURPOSE.draw, attempt);
    const candidates = byNumber(left);
    const { id } = hit(candidates, u);
    if (kept.some((each) => each.id === id)) return { candidates, u, refused };
    refused.push(name(id));
    left = left.slice(
      0,
      left.findIndex((each) => each.id === id),
    );
  }
}

/** @param {State} state @param {{drawn: number, recent: number[], next: number}} run @returns {Step} */
export function stepOf(state, { drawn, recent, next }) {
  const position = Math.max(0, drawn - 1);
  const step = { position, token: recent[0] ?? next, candidates: [], u: 0, refused: [], runners: [] };
  const kept = law(state);
  if (temperatureOf(state) === 0 || kept.length === 1) return { ...step, kind: 'certain' };
  if (remembers(state) || state.options.xtcProbability) return { ...step, kind: 'hidden' };
  if (state.options.method === 'gumbel') {
    const runners = kept.map(({ id, p }) => {
      const u = uniform(state.seed, position, PURPOSE.gumbel, id) || 2 ** -53;
      return { id, start: Math.log(p), u, noise: -Math.log(-Math.log(u)) };
    });
    return { ...step, kind: 'race', runners: runners.sort((a, b) => a.id - b.id) };
  }
  const line = onLine(state, position);
  const isShown = hit(line.candidates, line.u).id === step.token;
  return { ...step, ...line, kind: isShown ? 'line' : 'hidden' };
}

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Step>) => (step: Step) => void} */
const stepFigure = figure;

/** @param {HTMLElement} host */
const lineFigure = (host) =>
  stepFigure(host, {
    draw: (svg, width, { candidates, u, token }) =>
      drawCumulative(svg, width, {
        at: u,
        parts: candidates.map(({ id, p }) => ({ name: name(id), share: p, hit: id === token })),
      }),
    label: ({ u, token }) =>
      `The line from 0 to 1; the point at ${number(u)} is in the part of ${name(token)}`,
    table: ({ candidates }) => {
      const total = candidates.reduce((sum, { p }) => sum + p, 0);
      let sum = 0;
      return {
        head: ['Name', 'From', 'To'],
        rows: candidates.map(({ id, p }) => {
          const from = sum / total;
          sum += p;
          return [name(id), from, sum / total];
        }),
      };
    },
  });

/**
 * From behind the last to the first, so that further is better; most sums are below zero.
 * @param {Step['runners']} runners @returns {[number, number]}
 */
function course(runners) {
  const places = runners.flatMap(({ start, noise }) => [start, start + noise]);
  const [last, first] = [Math.min(...places), Math.max(...places)];
  return [last - 0.05 * (first - last), first];
}

/** @param {HTMLElement} host */
const raceFigure = (host) =>
  stepFigure(host, {
    draw: (svg, width, { runners, token }) => {
      const domain = course(runners);
      drawBars(svg, width, {
        domain,
        from: domain[0],
        bars: runners.map(({ id, start, noise }) => ({
          name: name(id),
          value: start + noise,
          text: `${number(start + noise)}${id === token ? ' wins' : ''}`,
          mark: start,
        })),
      });
    },
    label: ({ runners, token }) =>
      `The race: ${runners.map(({ id, start, noise }) => `${name(id)} ${number(start + noise)}`).join(', ')}; ${name(token)} wins`,
    table: ({ runners }) => ({
      head: ['Name', 'ln p', 'Noise', 'Sum'],
      rows: runners.map(({ id, start, noise }) => [name(id), start, noise, start + noise]),
    }),
  });

/** The part of the line that a token has. @param {Step} step @returns {[number, number]} */
function partOf({ candidates, token }) {
  const total = candidates.reduce((sum, { p }) => sum + p, 0);
  const at = candidates.findIndex(({ id }) => id === token);
  const from = candidates.slice(0, at).reduce((sum, { p }) => sum + p, 0);
  return [from / total, (from + candidates[at].p) / total];
}

/** Behind another number. @param {number} value */
const added = (value) => row(mo(value < 0 ? '−' : '+', 'infix'), quantity(Math.abs(value)));

/** @param {Step} step @returns {Element[]} */
function terms(step) {
  const { kind, u, runners, token } = step;
  if (kind === 'line') {
    const [from, to] = partOf(step);
    return [
      math(quantity(from), mo('≤'), mi('u'), mo('<'), quantity(to)),
      math(mi('u'), mo('='), quantity(u)),
    ];
  }
  const winner = runners.find(({ id }) => id === token);
  if (!winner) return [];
  const of = (/** @type {string} */ letter) => sub(mi(letter), mn(String(token + 1)));
  const minusLn = (/** @type {Element} */ argument) => row(mo('−', 'prefix'), ln(argument));
  return [
    math(
      of('g'),
      mo('='),
      minusLn(row(mo('('), minusLn(quantity(winner.u)), mo(')'))),
      mo('='),
      quantity(winner.noise),
    ),
    math(ln(of('p')), mo('+'), of('g'), mo('='), quantity(winner.start), added(winner.noise)),
    math(mo('='), quantity(winner.start + winner.noise)),
  ];
}

/** @param {Step} step @param {boolean} isDrawn @returns {string} */
function text({ kind, position, token, u, refused }, isDrawn) {
  const which = isDrawn ? `Token ${count(position + 1)}` : 'The first token, which is not drawn yet,';
  if (kind === 'certain') return `${which} is ${name(token)} for certain: no random number is needed.`;
  if (kind === 'hidden') {
    return `${which} is ${name(token)}. With these options the library takes more steps than a line shows; its header file says which.`;
  }
  if (kind === 'race') {
    return `${which} is ${name(token)}. Every token has noise of its own, and the highest sum wins.`;
  }
  const before =
    refused.length > 0
      ? ` Before, the point hit ${refused.join(' and ')}, which top-p has removed, and it was drawn again among the others.`
      : '';
  return `${which} is ${name(token)}: the point at ${number(u)} lies in its part of the line.${before}`;
}

/** @param {HTMLElement} section @param {import('../state.js').Store} store */
export function mountStep(section, store) {
  choices(find(section, '#draw-methods'), store, METHODS);
  const line = find(section, '#figure-line');
  const race = find(section, '#figure-race');
  const figures = /** @type {const} */ ([
    ['line', line, lineFigure(line)],
    ['race', race, raceFigure(race)],
  ]);
  return (/** @type {State} */ state, /** @type {import('./drawrun.js').Run} */ run) => {
    const step = stepOf(state, run);
    for (const [kind, host, update] of figures) {
      host.hidden = kind !== step.kind;
      if (!host.hidden) update(step);
    }
    find(section, '#step-text').textContent = text(step, run.drawn > 0);
    setTerms(find(section, '#step-terms'), terms(step));
  };
}
