import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { entmax, entmax15, LogitsError, softmax, sparsemax } from '../js/index.js';
import { row as anyRow } from './helpers/arbitrary.js';
import { close } from './helpers/close.js';
import { toBfloat16, toFloat16 } from './helpers/half.js';
import { normal } from './helpers/rows.js';
import { ROWS } from './helpers/stages.js';
import * as oracle from './oracle/entmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const BOUND = { rel: 1e-6, abs: 1e-7 };
const ALPHAS = [1.001, 1.25, 1.5, 2, 2.5, 4, 10, 1000];
const TEMPERATURES = [1, 0.3, 20, -0.7];

/** Each property with so many rows, the same ones every time. */
const check = (property, numRuns = 400) => fc.assert(property, { seed: 20260905, numRuns });
const alphas = fc.oneof(fc.constantFrom(1.5, 2), fc.double({ min: 1.01, max: 6, noNaN: true }));
const temperatures = fc.double({ min: 0.1, max: 30, noNaN: true });
const sum = (p) => p.reduceRight((a, b) => a + b, 0);

test('by hand', () => {
  // Sparsemax of 1, 0.8, 0.1: the threshold is 0.4.
  close(sparsemax([1, 0.8, 0.1]), [0.6, 0.4, 0], BOUND, 'sparsemax');
  // Two logits d apart: p = (t + d/2)^2 and t^2.
  const t = (-0.25 + Math.sqrt(2 - 0.25 ** 2)) / 2;
  close(entmax15([0.5, 0]), [(t + 0.25) ** 2, t ** 2], BOUND, 'entmax15');
  // alpha = 3: p = sqrt(h) and sqrt(h - 2d); with d = 0.18, h = 0.68^2.
  close(entmax([0.18, 0], 3), [0.68, Math.sqrt(0.68 ** 2 - 0.36)], BOUND, 'entmax 3');
});

test('against the definition by sort, in float64', () => {
  for (const [name, row] of Object.entries(ROWS)) {
    for (const temperature of TEMPERATURES) {
      const label = `${name}, T ${temperature}`;
      close(sparsemax(row, { temperature }), oracle.entmax(row, 2, { temperature }), BOUND, label);
      close(entmax15(row, { temperature }), oracle.entmax(row, 1.5, { temperature }), BOUND, label);
      for (const alpha of ALPHAS) {
        const expected = oracle.entmax(row, alpha, { temperature });
        close(entmax(row, alpha, { temperature }), expected, BOUND, `${label}, alpha ${alpha}`);
      }
    }
  }
});

test('many logits, all of them inside', () => {
  const row = normal(151936, 3);
  for (const [alpha, temperature] of [
    [1.5, 20],
    [2, 1e4],
    [1.2, 1],
    [3, 1000],
  ]) {
    const p = entmax(row, alpha, { temperature });
    assert.ok(Math.abs(sum(p) - 1) < 1e-6, `alpha ${alpha}: ${sum(p)}`);
    // What the definition says of any two: p^(alpha - 1) differ as (alpha - 1) x / T.
    const top = row.indexOf(row.reduce((a, b) => Math.max(a, b)));
    for (let i = 0; i < row.length; i += 1009) {
      const power = p[top] ** (alpha - 1) - ((alpha - 1) * (row[top] - row[i])) / temperature;
      const expected = power > 0 ? power ** (1 / (alpha - 1)) : 0;
      assert.ok(Math.abs(p[i] - expected) <= Math.max(1e-7, 1e-5 * expected), `alpha ${alpha}, ${i}`);
    }
  }
});

test('sparsemax is entmax 2, entmax15 is entmax 1.5, and towards 1 it is softmax', () => {
  check(
    fc.property(anyRow, temperatures, (x, temperature) => {
      assert.deepEqual(entmax(x, 2, { temperature }), sparsemax(x, { temperature }));
      assert.deepEqual(entmax(x, 1.5, { temperature }), entmax15(x, { temperature }));
      close(entmax(x, 2 + 1e-9, { temperature }), sparsemax(x, { temperature }), BOUND, 'near 2');
      close(entmax(x, 1.5 - 1e-9, { temperature }), entmax15(x, { temperature }), BOUND, 'near 1.5');
      for (const alpha of [1 + 1e-10, 1 + 2 ** -52])
        close(entmax(x, alpha, { temperature }), softmax(x, { temperature }), BOUND, `alpha ${alpha}`);
    }),
  );
});

test('as alpha grows without end, the maxima share all mass', () => {
  const row = [1, 3, -2, 3, 2.9];
  for (const alpha of [1e5, 1e12, 1e308, Number.MAX_VALUE])
    close(entmax(row, alpha), [0, 0.5, 0, 0.5, 0], { abs: 1e-3 }, `alpha ${alpha}`);
});

test('a point of the simplex, in the order of the logits, with exact zeros', () => {
  check(
    fc.property(anyRow, alphas, temperatures, (x, alpha, temperature) => {
      const p = entmax(x, alpha, { temperature });
      assert.ok(Math.abs(sum(p) - 1) < 1e-6, `they sum to ${sum(p)}`);
      const top = Math.max(...x);
      x.forEach((a, i) => {
        assert.ok(p[i] >= 0 && p[i] <= 1);
        if (a === MASKED || (alpha - 1) * (top - a) >= temperature * 1.000001) assert.equal(p[i], 0);
        x.forEach((b, j) => {
          if (a >= b) assert.ok(p[i] >= p[j], `${a} has ${p[i]}, ${b} has ${p[j]}`);
        });
      });
    }),
  );
});

test('sparser with every step of alpha', () => {
  const inside = (x, alpha) => entmax(x, alpha).filter((p) => p > 0).length;
  check(
    fc.property(anyRow, alphas, fc.double({ min: 0.01, max: 2, noNaN: true }), (x, alpha, more) => {
      assert.ok(inside(x, alpha + more) <= inside(x, alpha));
    }),
  );
});

test('shift invariant, and a temperature divides', () => {
  check(
    fc.property(
      anyRow,
      alphas,
      fc.integer({ min: -4096, max: 4096 }),
      fc.integer({ min: -4, max: 4 }),
      (x, alpha, by, power) => {
        const p = entmax(x, alpha);
        close(
          entmax(
            x.map((v) => v + by / 64),
            alpha,
          ),
          p,
          BOUND,
          'shift',
        );
        const temperature = 2 ** power;
        const scaled = x.map((v) => v * temperature);
        close(entmax(scaled, alpha, { temperature }), p, BOUND, 'scale');
        close(
          entmax(
            x.map((v) => (v === MASKED ? v : -v)),
            alpha,
            { temperature: -1 },
          ),
          p,
          BOUND,
          'negative',
        );
      },
    ),
  );
});

test('limits of the temperature, masks and +Infinity are as with softmax', () => {
  for (const call of [sparsemax, entmax15, (x, o) => entmax(x, 1.3, o), (x, o) => entmax(x, 5, o)]) {
    for (const [x, temperature] of [
      [[2, 7, -1, 7, MASKED], 0],
      [[2, 7, -1, 7, MASKED], -0],
      [[2, 7, -1, 7, MASKED], 1e-40],
      [[2, 7, -1, 7, MASKED], INF],
      [[2, 7, -1, 7, MASKED], -INF],
      [[INF, 1, INF, MASKED], 1],
      [[INF, 1, INF, MASKED], 0],
      [[INF, 1e3, INF, MASKED], -1],
      [[MASKED, INF, INF], -1],
      [[3], 1],
    ])
      assert.deepEqual(call(x, { temperature }), softmax(x, { temperature }), `${x} at ${temperature}`);
  }
});

test('rows with a temperature each, out, 16-bit and float64 rows', () => {
  const x = normal(3 * 70, 4, 3);
  const temperature = [0.5, 1, -2];
  const one = [0, 1, 2].map((r) =>
    entmax15(x.subarray(r * 70, r * 70 + 70), { temperature: temperature[r] }),
  );
  const joined = Float32Array.from(one.flatMap((p) => Array.from(p)));
  assert.deepEqual(entmax15(x, { rows: 3, temperature }), joined);
  const out = new Float32Array(x.length);
  assert.equal(entmax15(x, { rows: 3, temperature, out }), out);
  assert.deepEqual(out, joined);
  const y = Float32Array.from([1, 0.5, 1.25, 0.75]);
  const expected = sparsemax(y);
  assert.deepEqual(sparsemax(Uint16Array.from(y, toFloat16), { dtype: 'float16' }), expected);
  assert.deepEqual(sparsemax(Uint16Array.from(y, toBfloat16), { dtype: 'bfloat16' }), expected);
  close(sparsemax([1e8, 1e8 + 0.5]), [0.25, 0.75], BOUND, 'float64');
  assert.equal(sparsemax(y, { out: y }), y);
  assert.deepEqual(y, expected);
});

test('bad input', () => {
  for (const [alpha, Class] of [
    [1, RangeError],
    [0.5, RangeError],
    [-2, RangeError],
    [INF, RangeError],
    [Number.NaN, RangeError],
    [undefined, TypeError],
    ['2', TypeError],
  ])
    assert.throws(
      () => entmax([1, 2], alpha),
      (e) => e instanceof Class && e.message.startsWith('entmax: alpha must be a finite number > 1, got'),
      `${alpha}`,
    );
  const x = Float32Array.of(1, Number.NaN, 2);
  const before = x.slice();
  assert.throws(() => sparsemax(x, { out: x }), { name: 'LogitsError', code: 'nan', index: 1, count: 1 });
  assert.deepEqual(x, before);
  assert.throws(() => entmax15([]), { name: 'LogitsError', code: 'empty' });
  assert.throws(
    () => entmax15([MASKED, MASKED]),
    (e) => e instanceof LogitsError && e.code === 'masked',
  );
  assert.throws(() => sparsemax([1, 2], { base: 2 }), {
    name: 'TypeError',
    message: /sparsemax: unknown option "base"/,
  });
  assert.throws(() => sparsemax([1, 2, 3], { rows: 2 }), RangeError);
  assert.throws(() => entmax([1, 2], 2, { temperature: Number.NaN }), RangeError);
});
