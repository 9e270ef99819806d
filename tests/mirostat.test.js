import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { obeys, SIGNIFICANCE } from './helpers/chi.js';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { normal, peaked, zipf } from './helpers/rows.js';
import { follows, repeats } from './helpers/sequence.js';
import { ROWS } from './helpers/stages.js';
import { law } from './oracle/chain.js';

test('version 2 starts at twice the target and drops what is more surprising', () => {
  // Surprises of 1, 2, 3 and 3 bits.
  const row = Float32Array.from([0.5, 0.25, 0.125, 0.125], Math.log);
  const kept = (mirostatTau) => lawOf(row, { mirostat: 2, mirostatTau }).ids;
  assert.deepEqual(kept(1.6), [0, 1, 2, 3]);
  assert.deepEqual(kept(1.4), [0, 1]);
  assert.deepEqual(kept(0.7), [0]);
  assert.deepEqual(kept(0), [0], 'one always stays');
});

test('version 2 keeps equal tokens whose surprise is exactly mu', () => {
  for (const bits of [1, 2, 3, 5, 7, 9]) {
    const row = new Float32Array(2 ** bits).fill(1.3);
    for (const rest of [{}, { temperature: 0.7 }, { order: 'llama.cpp' }])
      assert.equal(lawOf(row, { mirostat: 2, mirostatTau: bits / 2, ...rest }).ids.length, 2 ** bits);
  }
});

test('minKeep does not touch it', () => {
  const row = Float32Array.from([0.5, 0.25, 0.125, 0.125], Math.log);
  assert.deepEqual(lawOf(row, { mirostat: 2, mirostatTau: 0.7, minKeep: 3 }).ids, [0]);
});

test('the first law, against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const mirostat of [0, 1, 2]) {
      for (const mirostatTau of [0.5, 2, 3.1, 5]) {
        for (const around of [{}, { temperature: 0.7 }, { temperature: 1.4, topK: 200 }, { minP: 0.001 }])
          agrees(row, { ...around, mirostat, mirostatTau }, undefined, tally);
      }
    }
  }
  tally.print(t);
});

test('mu learns from every token: law by law against the oracle', (t) => {
  let near = 0;
  for (const mirostat of [1, 2]) {
    for (const [kind, make] of Object.entries({ peaked, zipf, normal })) {
      for (const rest of [{}, { topK: 300 }, { temperature: 0.8, mirostatEta: 0.5 }, { mirostatTau: 2.5 }]) {
        const options = { mirostat, seed: kind.length, ...rest };
        near += follows((step) => make(900, step), options, 30).near;
      }
    }
  }
  t.diagnostic(`${near} sequences ended at a boundary nearer than 1e-6`);
});

test('the surprise of what is drawn, among what was kept, approaches the target', (t) => {
  const row = zipf(2000, 1);
  const steps = 800;
  for (const mirostatTau of [2, 4]) {
    const sampler = new Sampler(row.length, { mirostat: 2, mirostatTau, seed: 5 });
    let surprise = 0;
    for (let i = 0; i < steps; i++) {
      const { ids, probs } = sampler.distribution(row);
      surprise -= Math.log2(probs[ids.indexOf(sampler.sample(row))]) / steps;
    }
    sampler.dispose();
    t.diagnostic(`target ${mirostatTau}, found ${surprise.toFixed(3)} bits`);
    // The mean is off by what mu has moved, over eta times the steps.
    assert.ok(Math.abs(surprise - mirostatTau) < 12 / (0.1 * steps));
  }
});

test('rewinding and sampling again repeats, and record: false leaves mu where it is', () => {
  for (const mirostat of [1, 2]) repeats({ mirostat, mirostatEta: 0.3, seed: 9 });
});

test('temperature 0 moves nothing', () => {
  const row = peaked(500, 4);
  const sampler = new Sampler(500, { mirostat: 2, mirostatTau: 2, mirostatEta: 1, seed: 1 });
  const before = sampler.distribution(row);
  sampler.configure({ temperature: 0 });
  for (let i = 0; i < 5; i++) sampler.sample(row);
  sampler.configure({ temperature: 1 });
  assert.deepEqual(sampler.distribution(row), before);
  sampler.dispose();
});

for (const options of [
  { mirostat: 2, mirostatTau: 2, seed: 1 },
  { mirostat: 1, mirostatTau: 3, seed: 2 },
  { mirostat: 2, mirostatTau: 3, topK: 200, seed: 3 },
]) {
  test(`chi-square at ${SIGNIFICANCE}: ${JSON.stringify(options)}`, (t) => {
    const row = zipf(800, 7);
    const counts = new Uint32Array(row.length);
    const sampler = new Sampler(row.length, options);
    for (let i = 0; i < 30000; i++) {
      // One token from the start each time, whose mu is that of the start.
      sampler.configure({ seed: i * 16 + options.seed });
      counts[sampler.sample(row, { record: false })]++;
    }
    sampler.dispose();
    obeys(t, counts, law(row, options));
  });
}
