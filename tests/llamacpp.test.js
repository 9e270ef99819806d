import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { lawOf } from './helpers/law.js';
import { flat, normal, peaked, tied } from './helpers/rows.js';
import {
  adaptiveP,
  candidates,
  learn,
  minP,
  mirostat1,
  mirostat2,
  softmax,
  temp,
  topP,
  typical,
  xtc,
} from './published/llamacpp.js';

/**
 * What the golden data does not have, against the second transcription in published/llamacpp.js of what llama.cpp publishes
 * (not against a run of it): T <= 0, mirostat, adaptive-p and min_keep.
 */
const order = 'llama.cpp';
const ROWS = [peaked(900, 1), normal(700, 2, 2), flat(300, 3), tied(200, 4), Float32Array.of(3)];

/** Compares a law with candidates: the same tokens with the same probabilities, but for what float32 sums blur. */
function same(found, list, label) {
  const open = softmax([...list]).filter(({ logit }) => logit > Number.NEGATIVE_INFINITY);
  assert.deepEqual(
    [...found.ids].sort((a, b) => a - b),
    open.map(({ id }) => id).sort((a, b) => a - b),
    label,
  );
  const probs = new Map(found.ids.map((id, i) => [id, found.probs[i]]));
  for (const { id, p } of open)
    assert.ok(Math.abs(probs.get(id) - p) <= 3e-5 * p + 1e-9, `${label}: ${probs.get(id)}, expected ${p}`);
}

test('T <= 0 is the first of the largest, behind the other stages', () => {
  for (const row of ROWS) {
    for (const temperature of [0, -0, -1, -1e-9, Number.NEGATIVE_INFINITY]) {
      for (const rest of [{}, { topK: 5 }, { typicalP: 0.3 }]) {
        const label = `T ${temperature} ${JSON.stringify(rest)}`;
        const before = rest.typicalP
          ? typical(candidates(row), rest.typicalP, 1)
          : softmax(candidates(row)).slice(0, rest.topK ?? row.length);
        before.sort((a, b) => b.logit - a.logit || a.id - b.id);
        same(lawOf(row, { ...rest, temperature, order }), temp(before, temperature), label);
      }
    }
  }
});

test('min_keep: top-p, min-p, typical and XTC', () => {
  for (const row of ROWS) {
    for (const minKeep of [1, 2, 7, 50, 5000]) {
      const label = `n ${row.length}, minKeep ${minKeep}`;
      const law = (options) => lawOf(row, { ...options, minKeep, order });
      same(law({ topP: 0.35 }), topP(candidates(row), 0.35, minKeep), `${label}: top-p`);
      same(law({ minP: 0.6 }), minP(candidates(row), 0.6, minKeep), `${label}: min-p`);
      if (row.length !== 200)
        same(law({ typicalP: 0.35 }), typical(candidates(row), 0.35, minKeep), `${label}: typical`);
      for (const xtcThreshold of [0.05, 0.2]) {
        const options = { xtcProbability: 1, xtcThreshold };
        same(law(options), xtc(candidates(row), xtcThreshold, minKeep), `${label}: XTC`);
      }
    }
  }
});

test('min_keep does not touch top-k and top-n-sigma', () => {
  for (const row of ROWS.slice(0, 3)) {
    const kept = (options) => lawOf(row, { ...options, minKeep: 20, order }).ids.length;
    assert.equal(kept({ topK: 5 }), 5);
    assert.equal(kept({ topNSigma: 0.01 }), 1);
  }
});

for (const [version, truncate] of [
  [1, mirostat1],
  [2, mirostat2],
]) {
  test(`mirostat ${version}: the law of every step, mu led along in float32`, () => {
    for (const [tau, eta, temperature] of [
      [5, 0.1, 1],
      [3, 0.5, 0.8],
      [1.5, 0.2, 1.3],
    ]) {
      const options = { mirostat: version, mirostatTau: tau, mirostatEta: eta, temperature, seed: 11, order };
      const sampler = new Sampler(900, options);
      let mu = 2 * tau;
      for (let step = 0; step < 25; step++) {
        const row = step % 2 ? peaked(900, step) : normal(900, step, 2);
        const list = truncate(temp(candidates(row), temperature), mu, 900);
        const { ids, probs } = sampler.distribution(row);
        same({ ids: Array.from(ids), probs }, list, `${JSON.stringify(options)} at ${step}`);
        const token = sampler.sample(row);
        mu = learn(
          mu,
          list.find(({ id }) => id === token),
          tau,
          eta,
        );
      }
      sampler.dispose();
    }
  });
}

test('adaptive-p: the law of every step, the average led along', () => {
  for (const [target, decay, temperature] of [
    [0.5, 0.9, 1],
    [0.1, 0.5, 0.8],
    [1, 0.99, 1.4],
    [0, 0, 1],
  ]) {
    const options = { adaptiveTarget: target, adaptiveDecay: decay, temperature, minP: 0.01, seed: 3, order };
    const sampler = new Sampler(700, options);
    let sum = target / (1 - decay);
    let weight = 1 / (1 - decay);
    for (let step = 0; step < 25; step++) {
      const row = step % 2 ? peaked(700, step) : normal(700, step, 2);
      const before = temp(minP(candidates(row), 0.01, 1), temperature);
      const list = adaptiveP(before, { target, sum, weight });
      const { ids, probs } = sampler.distribution(row);
      same({ ids: Array.from(ids), probs }, list, `${JSON.stringify(options)} at ${step}`);
      const token = sampler.sample(row);
      sum = list.find(({ id }) => id === token).original + decay * sum;
      weight = 1 + decay * weight;
    }
    sampler.dispose();
  }
});
