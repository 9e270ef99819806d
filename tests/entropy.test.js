import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropy } from '../js/index.js';
import { closeTo } from './helpers/close.js';
import { toBfloat16, toFloat16 } from './helpers/half.js';
import { KINDS, normal, SIZES } from './helpers/rows.js';
import * as oracle from './oracle/entropy.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const BOUND = { rel: 1e-9, abs: 1e-14 };

test('every length, every kind of row, in float64', () => {
  for (const n of SIZES) {
    for (const [kind, make] of Object.entries(KINDS)) {
      const x = make(n, n);
      closeTo(entropy(x), oracle.entropy(x), BOUND, `${kind} ${n}`);
    }
  }
});

test('temperatures, base and offsets', () => {
  const x = normal(300, 1, 3);
  for (const temperature of [0.01, 0.5, 2, 1e6, -1, -0.2]) {
    closeTo(entropy(x, { temperature }), oracle.entropy(x, { temperature }), BOUND, `T ${temperature}`);
  }
  closeTo(entropy(x, { base: 2 }), oracle.entropy(x, { base: 2 }), BOUND, 'base 2');
  for (const offset of [1e4, -1e6, 2 ** 24]) {
    const moved = Float64Array.from(x, (v) => v + offset);
    closeTo(entropy(moved), oracle.entropy(moved), BOUND, `offset ${offset}`);
  }
  closeTo(
    entropy([1e308, -1e308], { temperature: 1e308 }),
    oracle.entropy([2, 0]),
    BOUND,
    'the range of float64',
  );
});

test('limits: uniform over what is open, or over the maxima', () => {
  const x = [3, MASKED, 1, 3, 2, -7, 1];
  for (const temperature of [INF, MASKED]) {
    closeTo(entropy(x, { temperature }), Math.log(6), { rel: 1e-15 }, `T ${temperature}`);
  }
  closeTo(entropy(x, { base: 1 }), Math.log(6), { rel: 1e-15 }, 'base 1');
  for (const temperature of [0, -0]) closeTo(entropy(x, { temperature }), Math.LN2, { rel: 1e-15 }, 'T 0');
  assert.equal(entropy([1, 2], { temperature: 0 }), 0);
  assert.equal(entropy([5]), 0);
  closeTo(entropy([INF, 2, INF, MASKED, INF]), Math.log(3), { rel: 1e-15 }, '+Infinity shares');
  assert.equal(entropy([INF, 2, MASKED], { temperature: -1 }), 0, 'and has nothing below 0');
  closeTo(entropy([INF, INF, MASKED], { temperature: -1 }), Math.LN2, { rel: 1e-15 }, 'unless alone');
});

test('near 0 it keeps its digits', () => {
  for (const gap of [5, 20, 40, 80, 300]) {
    const tail = Math.exp(-gap);
    const expected = Math.log1p(tail) + (gap * tail) / (1 + tail);
    closeTo(entropy([gap, 0]), expected, { rel: 1e-13 }, `gap ${gap}`);
  }
});

test('every kind of input, rows with their temperatures, out', () => {
  const x = Float32Array.from([1, 5, 6, 3, -2.5, 0]);
  const expected = entropy(x);
  assert.equal(entropy(Array.from(x)), expected);
  assert.equal(entropy(Float64Array.from(x)), expected);
  assert.equal(entropy(Uint16Array.from(x, toFloat16), { dtype: 'float16' }), expected);
  assert.equal(entropy(Uint16Array.from(x, toBfloat16), { dtype: 'bfloat16' }), expected);
  const before = x.slice();
  const temperature = [0.5, -1, 3];
  const found = entropy(x, { rows: 3, temperature });
  const each = temperature.map((T, r) => entropy(x.subarray(2 * r, 2 * r + 2), { temperature: T }));
  assert.deepEqual(found, Float32Array.from(each));
  assert.deepEqual(x, before);
  const out = new Float32Array(3).fill(9);
  assert.equal(entropy(x, { rows: 3, temperature, out }), out);
  assert.deepEqual(out, found);
  assert.throws(() => entropy([1, 2, 3, MASKED, MASKED, MASKED], { rows: 2, out: out.subarray(1) }), {
    code: 'masked',
  });
  assert.deepEqual(out, found, 'after an error it is as before');
});
