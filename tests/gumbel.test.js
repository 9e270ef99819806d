import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { obeys, SIGNIFICANCE } from './helpers/chi.js';
import { fromFloat16, toFloat16 } from './helpers/half.js';
import { flat, normal, peaked, tied, zipf } from './helpers/rows.js';
import { law } from './oracle/chain.js';
import { drawer } from './oracle/draw.js';

/** Two tokens whose scores are this near, in nats, may change places by rounding. */
const NEAR = 1e-6;

const OPTIONS = [
  {},
  { topK: 40 },
  { topK: 1024 },
  { topK: 1025 },
  { topK: 40, temperature: 0.7, topP: 0.95, minP: 0.05 },
  { topK: 50, temperature: -1 },
  { temperature: 0.3 },
  { temperature: -2 },
  { temperature: Number.POSITIVE_INFINITY },
  { temperature: 1e-30 },
  { temperature: 0 },
  { topP: 0.3 },
  { topP: 0.9, minKeep: 20, temperature: 1.5 },
  { typicalP: 0.8 },
  { transform: 'sparsemax', temperature: 3 },
  { transform: 'entmax15', topK: 30 },
  { xtcProbability: 0.5, xtcThreshold: 0.05 },
  { order: 'llama.cpp', topK: 40, topP: 0.9, temperature: 0.8 },
];

const ROWS = {
  peaked: peaked(1500, 1),
  zipf: zipf(2300, 2),
  flat: flat(1100, 3),
  tied: tied(1300, 4),
  small: normal(7, 5),
  masked: normal(700, 6, 30).map((x, i) => (i % 3 ? x : Number.NEGATIVE_INFINITY)),
  infinite: normal(300, 7).map((x, i) => (i % 70 ? x : Number.POSITIVE_INFINITY)),
  far: normal(400, 8, 2).map((x) => x * 2 ** 90),
};

test('token by token as the header defines it', (t) => {
  let draws = 0;
  let near = 0;
  for (const [kind, row] of Object.entries(ROWS)) {
    for (const given of OPTIONS) {
      const options = { ...given, method: 'gumbel' };
      const seed = 2n ** 40n + BigInt(draws);
      const sampler = new Sampler(row.length, { ...options, seed });
      const define = drawer(row, options);
      for (let position = 0; position < 8; position++, draws++) {
        const token = sampler.sample(row);
        const defined = define({ seed, position });
        if (token === defined.token) continue;
        const label = `${kind} ${JSON.stringify(options)} seed ${seed} position ${position}`;
        assert.ok(defined.near < NEAR, `${label}: ${token}, defined ${defined.token} (${defined.near} away)`);
        near++;
      }
      sampler.dispose();
    }
  }
  t.diagnostic(`${draws} draws, ${near} of them the neighbour at a boundary nearer than ${NEAR}`);
});

test('a large vocabulary, token by token', () => {
  const row = peaked(151936, 6);
  for (let i = 0; i < row.length; i += 3) row[i] -= 60;
  for (const given of [{}, { topP: 0.9 }, { temperature: 5 }]) {
    const options = { ...given, method: 'gumbel' };
    const sampler = new Sampler(row.length, { ...options, seed: 5 });
    const define = drawer(row, options);
    for (let position = 0; position < 2; position++) {
      const token = sampler.sample(row);
      const defined = define({ seed: 5, position });
      assert.ok(token === defined.token || defined.near < NEAR, `${JSON.stringify(options)} at ${position}`);
    }
    sampler.dispose();
  }
});

test('a token stays while it survives, whatever else changes its competitors', () => {
  const row = peaked(3000, 7);
  const open = new Sampler(row.length, { method: 'gumbel', temperature: 1.2, seed: 3 });
  const others = [
    { topK: 3 },
    { topK: 40 },
    { topK: 2000 },
    { topP: 0.7 },
    { minP: 0.05 },
    { typicalP: 0.9 },
  ].map((given) => new Sampler(row.length, { ...given, method: 'gumbel', temperature: 1.2, seed: 3 }));
  const plain = new Sampler(row.length, { temperature: 1.2, topK: 40, seed: 3 });
  const kept = others.map((sampler) => new Set(sampler.distribution(row).ids));
  let stayed = 0;
  let left = 0;
  let exact = 0;
  for (let position = 0; position < 200; position++) {
    const token = open.sample(row);
    others.forEach((sampler, i) => {
      const other = sampler.sample(row);
      assert.ok(kept[i].has(other));
      if (kept[i].has(token))
        assert.equal(other, token, `${JSON.stringify(sampler.options.topK)} at ${position}`);
      kept[i].has(token) ? stayed++ : left++;
    });
    if (plain.sample(row) === token) exact++;
  }
  assert.ok(stayed > 200 && left > 60, `${stayed} stayed, ${left} left`);
  assert.ok(exact < 130, 'by the exact method they need not stay');
  for (const sampler of [open, plain, ...others]) sampler.dispose();
});

test('of equal tokens any may come; at temperature 0 the first does, without noise', () => {
  const row = new Float32Array(50);
  const sampler = new Sampler(50, { method: 'gumbel', seed: 1 });
  assert.ok(new Set(Array.from({ length: 200 }, () => sampler.sample(row))).size > 40);
  sampler.configure({ temperature: 0 });
  assert.equal(sampler.sample(row), 0);
  sampler.dispose();
});

test('the token does not depend on the kind of the row or on what is asked besides', () => {
  const n = 3000;
  const half = Uint16Array.from(zipf(n, 21), toFloat16);
  const row = Float32Array.from(half, fromFloat16);
  for (const options of [{}, { topK: 40 }, { topP: 0.8 }]) {
    const samplers = Array.from(
      { length: 5 },
      () => new Sampler(n, { ...options, method: 'gumbel', seed: 11 }),
    );
    for (let i = 0; i < 20; i++) {
      const [plain, list, double, own, bits] = samplers;
      const token = plain.sample(row);
      assert.equal(list.sample(Array.from(row)), token);
      list.distribution(row);
      assert.equal(double.sample(Float64Array.from(row)), token);
      own.logits.set(row);
      assert.equal(own.sample(undefined, { record: false }), token);
      assert.equal(own.sample(), token);
      assert.equal(bits.sample(half, { dtype: 'float16' }), token);
    }
    for (const sampler of samplers) sampler.dispose();
  }
});

const LAWS = [
  ['a list', peaked(2000, 11), { topK: 40, temperature: 0.8, topP: 0.95, minP: 0.01, seed: 1 }],
  ['a longer list', flat(600, 12), { topK: 150, seed: 2 }],
  ['inverted', normal(900, 13), { topK: 100, temperature: -1, seed: 3 }],
  ['a whole row', zipf(2000, 14), { seed: 4 }],
  ['a few', normal(5, 17, 2), { seed: 7 }],
  ['top-p', zipf(1000, 19), { topP: 0.7, seed: 9 }],
  ['sparsemax', normal(300, 20), { transform: 'sparsemax', temperature: 2, seed: 10 }],
  ['xtc', peaked(500, 21), { xtcProbability: 0.4, xtcThreshold: 0.08, seed: 11 }],
];

for (const [name, row, options] of LAWS) {
  test(`chi-square at ${SIGNIFICANCE}: ${name}`, (t) => {
    const sampler = new Sampler(row.length, { ...options, method: 'gumbel' });
    const found = new Uint32Array(row.length);
    sampler.logits.set(row);
    for (let i = 0; i < 40000; i++) found[sampler.sample()]++;
    sampler.dispose();
    obeys(t, found, law(row, options));
  });
}
