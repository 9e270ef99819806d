/** The draws of a seed, one after the other. */
import { Sampler } from 'logitkit';
import { samplerOptions } from '../state.js';

/** @typedef {import('../state.js').State} State */

const RECENT = 24; // tokens that are listed
const FIRST = 5; // tokens that the code example names
const FRAME = 6; // milliseconds of drawing before the page is shown again

/**
 * The first tokens of a seed, counted. They depend on nothing but the state, so a link replays them.
 * @param {State} state
 */
export function createRun(state) {
  const scores = [...state.logits];
  const sampler = new Sampler(scores.length, samplerOptions(state));
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
    next: sampler.sample(logits, { record: false }),
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

/** Options that remember what was drawn: with one of them the law changes from draw to draw. */
const REMEMBER = [
  'noRepeatNgramSize',
  'repetitionPenalty',
  'frequencyPenalty',
  'presencePenalty',
  'dryMultiplier',
  'mirostat',
  'adaptiveTarget',
];

/** A window or a base without its penalty does nothing. @param {State} state */
export const remembers = ({ options }) => REMEMBER.some((name) => name in options);
