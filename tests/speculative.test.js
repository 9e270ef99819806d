// Whether verify keeps the law: chi-square of what comes out of many trials against the chain's own law.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { chiSquare, obeys, SIGNIFICANCE } from './helpers/chi.js';
import { random } from './helpers/random.js';
import { normal } from './helpers/rows.js';
import { law } from './oracle/chain.js';
import { uniform } from './oracle/uniform.js';
import { PURPOSES, verify } from './oracle/verify.js';

const TRIALS = 100000;
const N = 6;

/** A model that knows one token back: MODEL[t] are the logits after token t, START those of an empty text. */
const START = normal(N, 1, 1.2);
const MODEL = Array.from({ length: N }, (_, t) => normal(N, 2 + t, 1.2));

/** What drafts, likewise: other probabilities, some of them 0. */
const next = random(9);
const GUESS = Array.from({ length: N + 1 }, () => {
  const weights = Array.from({ length: N }, () => (next() < 0.2 ? 0 : next()));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
});
const guessAfter = (tokens) => GUESS[tokens.length > 0 ? tokens.at(-1) : N];
const rowAfter = (tokens) => (tokens.length > 0 ? MODEL[tokens.at(-1)] : START);

/** The token at u of a law. */
function at(probs, u) {
  let token = 0;
  for (let sum = probs[0]; sum <= u && token < N - 1; sum += probs[token]) token++;
  while (probs[token] === 0) token--;
  return token;
}

/** The joint law of the first two tokens, by the chain's own. */
function joint(options) {
  const contextOf = (history) => ({ history, outputs: history.map(() => true) });
  const first = law(START, options, contextOf([]));
  return Array.from({ length: N * N }, (_, i) => {
    const a = Math.floor(i / N);
    return first[a] === 0 ? 0 : first[a] * law(MODEL[a], options, contextOf([a]))[i % N];
  });
}

/**
 * Counts of pairs of the first two tokens over many trials. `propose` gives drafts, and their laws or null. Without
 * `anew` a trial goes on where the one before ended: at other positions, which is other noise.
 */
function pairs(options, k, propose, anew) {
  const sampler = new Sampler(N, { ...options, seed: 1 });
  const counts = new Uint32Array(N * N);
  const rows = new Float32Array((k + 1) * N);
  for (let trial = 0; trial < TRIALS; trial++) {
    if (anew && trial > 0) {
      sampler.reset();
      sampler.configure({ seed: trial });
    }
    const { draft, probs } = propose(trial);
    for (let i = 0; i <= k; i++) rows.set(rowAfter(draft.slice(0, i)), i * N);
    const { tokens } = sampler.verify(draft, probs, rows);
    const [a, b = sampler.sample(MODEL[tokens[0]])] = tokens;
    counts[a * N + b]++;
  }
  sampler.dispose();
  return counts;
}

/** Drafts by a generator of the test's own. */
function drawn(k, seed) {
  const uniforms = random(seed);
  return () => {
    const draft = [];
    const probs = [];
    for (let i = 0; i < k; i++) {
      probs.push(...guessAfter(draft));
      draft.push(at(guessAfter(draft), uniforms()));
    }
    return { draft, probs };
  };
}

const firsts = (counts) => Array.from({ length: N }, (_, a) => sum(counts.slice(a * N, a * N + N)));
const sum = (values) => values.reduce((a, b) => a + b, 0);

for (const [name, options, k, propose] of [
  ['drawn drafts', {}, 2, drawn(2, 1)],
  ['one draft', { temperature: 0.7 }, 1, drawn(1, 2)],
  ['drafts outside a truncation', { topK: 3 }, 3, drawn(3, 3)],
  ['penalties see the drafts', { presencePenalty: 1, repetitionPenalty: 1.5 }, 2, drawn(2, 4)],
  ['xtc', { xtcProbability: 0.4, xtcThreshold: 0.2 }, 2, drawn(2, 5)],
  ['gumbel', { method: 'gumbel', topP: 0.8 }, 2, drawn(2, 6)],
  ['certain drafts', {}, 2, () => ({ draft: [2, 4], probs: null })],
  [
    'certain drafts that cannot come',
    { topK: 2 },
    2,
    () => ({ draft: [START.indexOf(Math.min(...START)), 1], probs: null }),
  ],
]) {
  test(`chi-square at ${SIGNIFICANCE}, ${TRIALS} trials: ${name}`, (t) => {
    const counts = pairs(options, k, propose, 'presencePenalty' in options);
    const probs = joint(options);
    obeys(t, firsts(counts), firsts(probs), 'first token');
    obeys(t, counts, probs, 'two tokens');
  });
}

test(`chi-square at ${SIGNIFICANCE}, ${TRIALS} trials: the draft comes from a sampler of the same seed and position`, (t) => {
  const drafter = new Sampler(N, { seed: 1 });
  const logits = GUESS.map((q) => Float32Array.from(q, Math.log));
  const laws = logits.map((row) => {
    const dense = new Float32Array(N);
    const { ids, probs } = drafter.distribution(row);
    ids.forEach((id, i) => {
      dense[id] = probs[i];
    });
    return dense;
  });
  const counts = pairs(
    {},
    2,
    (trial) => {
      drafter.reset();
      drafter.configure({ seed: Math.max(1, trial) });
      const a = drafter.sample(logits[N]);
      return { draft: [a, drafter.sample(logits[a])], probs: [...laws[N], ...laws[a]] };
    },
    true,
  );
  drafter.dispose();
  obeys(t, firsts(counts), firsts(joint({})), 'first token');
  obeys(t, counts, joint({}), 'two tokens');
});

test('these tests notice noise that is used twice', (t) => {
  /** p of the first token by the oracle, with these purposes of acceptance and residual, and drafts by purpose `guess`. */
  const significance = (purposes, guess) => {
    const counts = new Uint32Array(N);
    const expected = law(START, {});
    const options = {};
    for (let seed = 0; seed < 20000; seed++) {
      const address = { seed, position: 0 };
      const draft = [at(GUESS[N], uniform({ ...address, purpose: guess }, 0))];
      counts[verify({ draft, qs: [GUESS[N]], rows: [START, START], options, address, purposes }).tokens[0]]++;
    }
    const { p } = chiSquare(counts, expected);
    t.diagnostic(`drafts ${guess}, ${JSON.stringify(purposes)}: p ${p.toPrecision(3)}`);
    return p;
  };
  assert.ok(significance(PURPOSES, 0) > SIGNIFICANCE, 'as it is');
  assert.ok(
    significance({ ...PURPOSES, residual: PURPOSES.accept }, 0) < 1e-10,
    'residual by the acceptance',
  );
  assert.ok(significance({ ...PURPOSES, accept: 0 }, 0) < 1e-10, 'acceptance by the draw of the draft');
  assert.ok(significance({ ...PURPOSES, residual: 0 }, 0) < 1e-10, 'residual by the draw of the draft');
});
