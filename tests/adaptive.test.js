import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { obeys, SIGNIFICANCE } from './helpers/chi.js';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { normal, peaked, zipf } from './helpers/rows.js';
import { follows, repeats } from './helpers/sequence.js';
import { AROUND, ROWS } from './helpers/stages.js';
import { law } from './oracle/chain.js';

test('the token nearest to the target is the likeliest', () => {
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const first = (adaptiveTarget) => lawOf(row, { adaptiveTarget }).ids[0];
  assert.equal(first(-1), 0);
  assert.equal(first(1), 0);
  assert.equal(first(0.32), 1);
  assert.equal(first(0.14), 2);
  assert.equal(first(0), 3);
});

test('by hand: x = -10 d^2 / (1 + d), d = |p - target| / 0.3', () => {
  const row = Float32Array.from([0.6, 0.4], Math.log);
  const x = (p) => {
    const d = Math.abs(p - 0.5) / 0.3;
    return (-10 * d * d) / (1 + d);
  };
  const { probs } = lawOf(row, { adaptiveTarget: 0.5 });
  assert.ok(Math.abs(probs[0] - 0.5) < 1e-6);
  const off = lawOf(row, { adaptiveTarget: 0.55 });
  const odds = (-10 * (0.05 / 0.3) ** 2) / (1 + 0.05 / 0.3) - (-10 * (0.15 / 0.3) ** 2) / (1 + 0.15 / 0.3);
  assert.ok(Math.abs(Math.log(off.probs[0] / off.probs[1]) - odds) < 1e-5);
  assert.ok(x(0.6) < 0);
});

test('the first law, against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const adaptiveTarget of [-1, 0, 0.05, 0.4, 1]) {
      for (const around of AROUND) agrees(row, { ...around, adaptiveTarget }, undefined, tally);
    }
  }
  tally.print(t);
});

test('the average learns from every token: law by law against the oracle', () => {
  for (const [kind, make] of Object.entries({ peaked, zipf, normal })) {
    for (const rest of [
      {},
      { topK: 40 },
      { adaptiveTarget: 0.1, adaptiveDecay: 0.5 },
      { minP: 0.05, adaptiveDecay: 0 },
      { temperature: 0.7, adaptiveDecay: 0.99 },
    ]) {
      const options = { adaptiveTarget: 0.4, seed: kind.length, ...rest };
      assert.equal(follows((step) => make(600, step), options, 25).near, 0);
    }
  }
});

test('rewinding and sampling again repeats, and record: false leaves the average where it is', () => {
  repeats({ adaptiveTarget: 0.3, adaptiveDecay: 0.8, minP: 0.01, seed: 9 });
});

for (const options of [
  { adaptiveTarget: 0.1, seed: 1 },
  { adaptiveTarget: 0.3, topK: 30, temperature: 1.3, seed: 2 },
]) {
  test(`chi-square at ${SIGNIFICANCE}: ${JSON.stringify(options)}`, (t) => {
    const row = peaked(600, 7);
    const counts = new Uint32Array(row.length);
    const sampler = new Sampler(row.length, options);
    for (let i = 0; i < 30000; i++) {
      // One token from the start each time, whose sums are those of the start.
      sampler.configure({ seed: i * 16 + options.seed });
      counts[sampler.sample(row, { record: false })]++;
    }
    sampler.dispose();
    obeys(t, counts, law(row, options));
  });
}
