import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { obeys, SIGNIFICANCE } from './helpers/chi.js';
import { lawOf } from './helpers/law.js';
import { normal, peaked, zipf } from './helpers/rows.js';
import { law } from './oracle/chain.js';
import { distinct, independent } from './oracle/samplen.js';

const NEAR = 1e-6;

const OPTIONS = [
  {},
  { topK: 20 },
  { topP: 0.8, temperature: 1.4 },
  { method: 'gumbel', topK: 50 },
  { xtcProbability: 0.5, xtcThreshold: 0.05 },
  { transform: 'sparsemax', temperature: 4 },
];

test('with replacement each draw is one of the definition, with a seed of its own', () => {
  for (const [i, row] of [peaked(900, 1), zipf(300, 2), normal(5, 3)].entries()) {
    for (const options of OPTIONS) {
      const seed = 2n ** 63n + BigInt(i);
      const sampler = new Sampler(row.length, { ...options, seed });
      for (let position = 0; position < 3; position++) {
        const tokens = sampler.sampleN(row, 12);
        independent(row, options, { seed, position }, 12).forEach(({ token, near }, j) => {
          assert.ok(tokens[j] === token || near < NEAR, `${JSON.stringify(options)}, draw ${j}`);
        });
        sampler.accept(0);
      }
      sampler.dispose();
    }
  }
});

test('without replacement in the order of the definition, down to the last token that can be drawn', () => {
  for (const row of [peaked(900, 1), zipf(300, 2), normal(5, 3)]) {
    for (const options of OPTIONS) {
      const sampler = new Sampler(row.length, { ...options, seed: 8 });
      const { ids, scores } = distinct(row, options, { seed: 8, position: 0 });
      const near = scores.findIndex((s, i) => i > 0 && scores[i - 1] - s < 1e-5);
      const sure = near < 0 ? ids.length : near - 1;
      for (const n of new Set([1, Math.min(3, ids.length), ids.length])) {
        const tokens = sampler.sampleN(row, n, { replace: false });
        assert.equal(new Set(tokens).size, n);
        assert.deepEqual(Array.from(tokens).slice(0, sure), ids.slice(0, Math.min(n, sure)));
      }
      assert.throws(() => sampler.sampleN(row, ids.length + 1, { replace: false }), {
        name: 'RangeError',
        message: new RegExp(`sampleN: n must be in \\[1, ${ids.length}\\].*got ${ids.length + 1}`),
      });
      sampler.dispose();
    }
  }
});

test('a token whose probability underflows cannot be drawn', () => {
  const sampler = new Sampler(3, { seed: 1 });
  assert.deepEqual(new Set(sampler.sampleN([0, -200, 1], 2, { replace: false })), new Set([0, 2]));
  assert.throws(() => sampler.sampleN([0, -200, 1], 3, { replace: false }), RangeError);
  sampler.dispose();
});

test('nothing is recorded, and sample goes on as if nothing had been asked', () => {
  const row = peaked(400, 4);
  const options = { mirostat: 2, presencePenalty: 0.5, seed: 2 };
  const [one, two] = [new Sampler(400, options), new Sampler(400, options)];
  const seen = row.slice();
  for (let i = 0; i < 20; i++) {
    const many = one.sampleN(row, 5);
    assert.deepEqual(one.sampleN(row, 5), many, 'the same again');
    one.sampleN(row, 2, { replace: false });
    assert.equal(one.position, i);
    assert.equal(one.sample(row), two.sample(row));
    assert.deepEqual(one.last, two.last);
    assert.deepEqual(one.distribution(row), two.distribution(row));
  }
  assert.deepEqual(row, seen);
  one.dispose();
  two.dispose();
});

test('the row may be sampler.logits, a list, or 16-bit; a mask holds', () => {
  const row = normal(200, 5);
  const sampler = new Sampler(200, { topK: 50, seed: 3 });
  const tokens = sampler.sampleN(row, 20);
  assert.deepEqual(sampler.sampleN(Array.from(row), 20), tokens);
  sampler.logits.set(row);
  assert.deepEqual(sampler.sampleN(null, 20), tokens);
  assert.deepEqual(sampler.sampleN(sampler.logits, 20), tokens);
  const mask = Int32Array.of(0x10001);
  for (const replace of [true, false])
    assert.deepEqual(new Set(sampler.sampleN(row, replace ? 40 : 2, { mask, replace })), new Set([0, 16]));
  sampler.configure({ temperature: 0 });
  assert.equal(new Set(sampler.sampleN(row, 5)).size, 1);
  assert.throws(() => sampler.sampleN(row, 2, { replace: false }), RangeError);
  sampler.dispose();
});

test('after an error the seed is as it was', () => {
  const sampler = new Sampler(50, { seed: 4, topK: 20 });
  const row = normal(50, 6);
  const before = sampler.sampleN(row, 4);
  const token = sampler.sample(row, { record: false });
  const bad = row.map((x, i) => (i === 9 ? Number.NaN : x));
  for (const replace of [true, false])
    assert.throws(() => sampler.sampleN(bad, 3, { replace }), { name: 'LogitsError', code: 'nan', index: 9 });
  assert.deepEqual(sampler.sampleN(row, 4), before);
  assert.equal(sampler.sample(row), token);
  sampler.dispose();
});

test('bad arguments', () => {
  const sampler = new Sampler(4, { seed: 1 });
  const row = [1, 2, 3, 4];
  for (const n of [0, -1, 1.5, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])
    assert.throws(() => sampler.sampleN(row, n), RangeError);
  for (const n of [undefined, '3', 3n]) assert.throws(() => sampler.sampleN(row, n), TypeError);
  assert.throws(() => sampler.sampleN(row, 2, { replace: 1 }), TypeError);
  assert.throws(() => sampler.sampleN(row, 2, { replacement: true }), /there are dtype, mask, replace/);
  assert.throws(() => sampler.sampleN([1, 2], 2), RangeError);
  assert.throws(() => sampler.sampleN(null, 2), TypeError);
  sampler.dispose();
  assert.throws(() => sampler.sampleN(row, 2), /dispose/);
});

for (const [name, row, options] of [
  ['a list', peaked(600, 11), { topK: 40, temperature: 0.8, seed: 1 }],
  ['a whole row', zipf(300, 12), { seed: 2 }],
  ['gumbel', zipf(60, 13), { method: 'gumbel', seed: 3 }],
  ['xtc, a coin for each draw', peaked(100, 14), { xtcProbability: 0.4, xtcThreshold: 0.08, seed: 4 }],
]) {
  test(`chi-square at ${SIGNIFICANCE}, 100000 draws with replacement: ${name}`, (t) => {
    const sampler = new Sampler(row.length, options);
    const counts = new Uint32Array(row.length);
    for (const token of sampler.sampleN(row, 100000)) counts[token]++;
    sampler.dispose();
    obeys(t, counts, law(row, options));
  });
}

test(`chi-square at ${SIGNIFICANCE}: neighbouring draws, positions and the token of sample are independent`, (t) => {
  const row = Float32Array.from([0.4, 0.3, 0.2, 0.1], Math.log);
  const sampler = new Sampler(4, { seed: 6 });
  const p = [0.4, 0.3, 0.2, 0.1];
  const joint = p.flatMap((a) => p.flatMap((b) => p.map((c) => a * b * c)));
  const counts = new Uint32Array(64);
  for (let i = 0; i < 100000; i++) {
    const [a, b] = sampler.sampleN(row, 2);
    counts[16 * a + 4 * b + sampler.sample(row)]++;
  }
  sampler.dispose();
  obeys(t, counts, joint);
});

test(`chi-square at ${SIGNIFICANCE}, 100000 pairs without replacement: Plackett and Luce's law`, (t) => {
  const row = normal(8, 15, 1.2);
  for (const given of [{}, { topK: 5, temperature: 0.7 }, { xtcProbability: 0.5, xtcThreshold: 0.15 }]) {
    const sampler = new Sampler(8, { ...given, seed: 5 });
    const counts = new Uint32Array(64);
    for (let i = 0; i < 100000; i++) {
      const [a, b] = sampler.sampleN(row, 2, { replace: false });
      counts[8 * a + b]++;
      sampler.accept(a);
    }
    sampler.dispose();
    const dense = new Float64Array(8);
    const { ids, probs } = lawOf(row, given);
    ids.forEach((id, i) => {
      dense[id] = probs[i];
    });
    const pairs = Array.from({ length: 64 }, (_, i) => {
      const [a, b] = [dense[i >> 3], dense[i & 7]];
      return i >> 3 === (i & 7) || a === 0 ? 0 : (a * b) / (1 - a);
    });
    obeys(t, counts, pairs);
  }
});
