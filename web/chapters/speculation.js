/** Steps of speculative decoding, one after the other. They depend on nothing but the state, so a link replays them. */
import { Sampler } from 'logitkit';
import { samplerOptions, temperatureOf } from '../state.js';

/** @typedef {import('../state.js').State} State */

const FRAME = 6; // milliseconds of work before the page is shown again
const APART = 0x9e3779b97f4a7c15n; // the small model has random numbers of its own

/** What the small model knows of the scores: them in steps of some size. @param {readonly number[]} scores @param {number} step */
export const roughly = (scores, step) =>
  Float32Array.from(scores, (x) => (step > 0 ? Math.round(x / step) * step : x));

/** @param {Sampler} sampler @param {Float32Array} logits @returns {number[]} by id */
function lawOf(sampler, logits) {
  const { ids, probs } = sampler.distribution(logits);
  const law = new Array(logits.length).fill(0);
  for (const [rank, id] of ids.entries()) law[id] = probs[rank];
  return law;
}

/** @param {State} state */
export function createSpeculation(state) {
  const { guesses, step } = state.speculative;
  const scores = [...state.logits];
  const n = scores.length;
  const logits = Float32Array.from(scores);
  const rough = roughly(scores, step);
  const large = new Sampler(n, samplerOptions(state));
  const small = new Sampler(n, { temperature: temperatureOf(state), seed: state.seed ^ APART });
  const probs = lawOf(large, logits);
  const q = lawOf(small, rough);
  const rows = Float32Array.from({ length: (guesses + 1) * n }, (_, i) => logits[i % n]);
  const draftProbs = Float64Array.from({ length: guesses * n }, (_, i) => q[i % n]);
  return {
    scores,
    probs,
    q,
    /** Σ min(p, q): how often a guess is accepted. */
    acceptance: probs.reduce((sum, p, id) => sum + Math.min(p, q[id]), 0),
    counts: new Array(n).fill(0),
    drawn: 0,
    steps: 0,
    accepted: 0,
    /** @type {{guesses: number[], tokens: number[], accepted: number}} */
    latest: { guesses: [], tokens: [], accepted: 0 },
    /** @param {number} target */
    stepUntil(target) {
      const deadline = performance.now() + FRAME;
      while (this.steps < target && performance.now() < deadline) {
        const draft = Array.from({ length: guesses }, () => small.sample(rough));
        const { tokens, accepted } = large.verify(draft, draftProbs, rows);
        for (const token of tokens) this.counts[token]++;
        this.drawn += tokens.length;
        this.accepted += accepted;
        this.steps++;
        this.latest = { guesses: draft, tokens: [...tokens], accepted };
      }
    },
    end() {
      large.dispose();
      small.dispose();
    },
  };
}

/** @typedef {ReturnType<typeof createSpeculation>} Speculation */
