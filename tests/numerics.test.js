import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argmax, logSoftmax, logSumExp, Sampler, softmax, topK } from '../js/index.js';
import { close, closeTo, worstRelative } from './helpers/close.js';
import { KINDS, normal, peaked, SIZES } from './helpers/rows.js';
import * as rank from './oracle/rank.js';
import * as oracle from './oracle/softmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const SMALLEST = 2 ** -126;

/** What src/logitkit.h promises of every probability: [from, to) and the largest relative error there. */
const PROMISED = [
  [1e-9, INF, 5e-7],
  [SMALLEST * 1.00001, 1e-9, 4e-6],
];

function sum(p) {
  return p.reduce((a, b) => a + b, 0);
}

/** Checks every promise about one row and returns the worst relative error among likely tokens. */
function check(x, temperature, label) {
  const expected = oracle.softmax(x, { temperature });
  const p = softmax(x, { temperature });
  for (const [from, to, bound] of PROMISED) {
    const worst = worstRelative(p, expected, from, to);
    assert.ok(worst <= bound, `${label}: relative error ${worst} from ${from}`);
  }
  p.forEach((v, i) => {
    if (expected[i] < SMALLEST * 0.99999) assert.equal(v, 0, `${label}: [${i}] ${v} below 2^-126`);
  });
  const total = sum(Float64Array.from(p));
  assert.ok(Math.abs(total - 1) <= 3e-7, `${label}: sum ${total}`);
  const lse = oracle.logSumExp(x, { temperature });
  closeTo(logSumExp(x, { temperature }), lse, { abs: 1e-6, rel: 2 ** -52 }, `${label}: logSumExp`);
  close(
    logSoftmax(x, { temperature }),
    // Beyond float32 a log-probability becomes -Infinity.
    Float32Array.from(oracle.logSoftmax(x, { temperature })),
    { rel: 4.2e-7, abs: 1.2e-38 },
    `${label}: logSoftmax`,
  );
  return worstRelative(p, expected, 1e-9);
}

test('every length, every kind of row', (t) => {
  let worst = 0;
  for (const n of SIZES.filter((size) => size <= 32000)) {
    for (const [kind, make] of Object.entries(KINDS))
      worst = Math.max(worst, check(make(n, n), 1, `${kind} ${n}`));
  }
  for (const n of SIZES.filter((size) => size > 32000))
    worst = Math.max(worst, check(peaked(n, n), 1, `peaked ${n}`));
  t.diagnostic(`worst relative error for p >= 1e-9: ${worst.toExponential(2)}`);
});

test('rows of 151,936 like a language model makes them: 1e-6 relative to float64', (t) => {
  for (const [kind, make] of Object.entries(KINDS)) {
    const x = make(151936, 7);
    const p = softmax(x);
    const expected = oracle.softmax(x);
    const worst = worstRelative(p, expected, SMALLEST);
    const off = Math.abs(sum(Float64Array.from(p)) - 1);
    t.diagnostic(`${kind}: relative ${worst.toExponential(2)}, |sum - 1| ${off.toExponential(2)}`);
    assert.ok(worst <= 1e-6);
    assert.ok(off <= 3e-7);
    assert.equal(argmax(x), rank.argmax(x));
    assert.deepEqual(Array.from(topK(x, 100).ids), rank.topK(x, 100).ids);
  }
});

test('temperatures from 1e-6 to 1e6, both signs', () => {
  for (const x of [normal(1000, 1, 3), peaked(2000, 2)]) {
    for (let exponent = -6; exponent <= 6; exponent++) {
      for (const sign of [1, -1]) check(x, sign * 10 ** exponent, `n ${x.length}, T ${sign}e${exponent}`);
    }
    for (const temperature of [0.8, 1.3, INF, -INF]) check(x, temperature, `n ${x.length}, T ${temperature}`);
  }
});

test('temperature 0 and -0', () => {
  const x = normal(1000, 3);
  for (const temperature of [0, -0]) {
    const p = softmax(x, { temperature });
    assert.equal(p[rank.argmax(x)], 1);
    assert.equal(sum(p), 1);
  }
});

test('exp(x) overflows but exp(x - max) does not', () => {
  for (const offset of [89, 1000, 1e4, -1e4, 1e6, -1e6, 3e38, -3e38]) {
    const x = normal(300, 4, 2).map((v) => v + offset);
    for (const temperature of [1, 0.5, -1]) check(x, temperature, `offset ${offset}, T ${temperature}`);
  }
});

test('the whole range of float32', () => {
  check([3.4e38, -3.4e38, 0], 1, 'both ends');
  check([3.4e38, -3.4e38, 0], -1, 'both ends, inverted');
  check([3.4e38, -3.4e38, 0], 1e30, 'both ends, T 1e30');
  check([3.4e38, -3.4e38, 0], 1e38, 'both ends, T 1e38');
  check([2 ** -149, 0, -(2 ** -149)], 1, 'denormal');
  check([2 ** -149, 0, -(2 ** -149)], 2 ** -127, 'denormal, T 2^-127');
});

test('all equal', () => {
  for (const n of SIZES) {
    for (const value of [0, -7.25, 1e4]) {
      const p = softmax(new Float32Array(n).fill(value));
      const each = Math.fround(1 / n);
      assert.ok(
        p.every((v) => Math.abs(v - each) <= 3e-7 * each),
        `n ${n}, value ${value}`,
      );
      assert.ok(p.every((v) => v === p[0]));
    }
  }
});

test('runs of -Infinity, also over whole blocks and at both ends', () => {
  for (const [n, from, to] of [
    [300, 0, 299],
    [300, 1, 300],
    [1000, 64, 128],
    [1000, 0, 640],
    [1000, 500, 1000],
    [5000, 100, 4900],
  ]) {
    const x = normal(n, n + from, 3);
    x.fill(MASKED, from, to);
    for (const temperature of [1, 0.4, -1, INF]) check(x, temperature, `n ${n}, masked [${from}, ${to})`);
    assert.equal(argmax(x), rank.argmax(x));
    const open = n - (to - from);
    assert.equal(topK(x, n).ids.length, open);
    const sampler = new Sampler(n, { seed: 1 });
    for (let i = 0; i < 50; i++) {
      const token = sampler.sample(x);
      assert.ok(token < from || token >= to);
    }
    sampler.dispose();
  }
});

test('deep tails: probabilities down to 2^-126, then 0', () => {
  const x = Float32Array.from({ length: 2000 }, (_, i) => -i * 0.05);
  check(x, 1, 'steps of 0.05');
  check(x, 0.3, 'steps of 0.05, T 0.3');
  const p = softmax([0, -87, -87.4, -88]);
  assert.ok(p[1] > SMALLEST && p[3] === 0);
});

test('one token among hundreds of thousands of equal small ones', () => {
  // Serial float32 sums stop growing here.
  const n = 262144;
  const x = new Float32Array(n).fill(-16);
  x[n - 1] = 0;
  check(x, 1, 'one against the rest');
});

test('the article, exactly', () => {
  close(softmax([1, 5, 6, 3]), oracle.softmax([1, 5, 6, 3]), { rel: 5e-7 }, 'A');
  close(softmax([-12, 120, -203, 2]), [0, 1, 0, 0], {}, 'B');
});

test('draws over every length', () => {
  for (const n of SIZES) {
    const x = peaked(n, n + 1);
    for (const options of [{}, { topK: 40, topP: 0.95, minP: 0.05, temperature: 0.8 }, { topP: 0.95 }]) {
      const sampler = new Sampler(n, { ...options, seed: n });
      const { ids } = sampler.distribution(x);
      const possible = new Set(ids);
      for (let i = 0; i < 20; i++) assert.ok(possible.has(sampler.sample(x)), `n ${n}`);
      sampler.dispose();
    }
  }
});
