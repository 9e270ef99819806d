import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alloc, free, klDivergence, Sampler } from '../js/index.js';
import { closeTo } from './helpers/close.js';
import { KINDS, normal, SIZES } from './helpers/rows.js';
import * as oracle from './oracle/kldivergence.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const BOUND = { rel: 1e-9, abs: 1e-14 };

test('every length, every kind of row, in float64', () => {
  for (const n of SIZES) {
    for (const [kind, make] of Object.entries(KINDS)) {
      const x = make(n, n);
      const y = normal(n, n + 1, 2);
      closeTo(klDivergence(x, y), oracle.klDivergence(x, y), BOUND, `${kind} ${n}`);
      assert.equal(klDivergence(x, x), 0);
    }
  }
});

test('nearly equal rows: half the variance of the difference', () => {
  const x = normal(1000, 3, 2);
  const d = normal(1000, 4);
  const p = Float64Array.from(x, (v) => Math.exp(v));
  const total = p.reduce((a, b) => a + b);
  const mean = p.reduce((sum, v, i) => sum + (v / total) * d[i], 0);
  const variance = p.reduce((sum, v, i) => sum + (v / total) * (d[i] - mean) ** 2, 0);
  for (const step of [1e-3, 1e-5]) {
    const y = Float64Array.from(x, (v, i) => v + step * d[i]);
    closeTo(klDivergence(x, y), (step * step * variance) / 2, { rel: 10 * step }, `step ${step}`);
  }
});

test('temperatures, base, masks and infinities', () => {
  const x = normal(100, 5, 2);
  const y = normal(100, 6, 2);
  for (const options of [{ temperature: 0.3 }, { temperature: -2 }, { base: 10 }, { temperature: INF }]) {
    const label = JSON.stringify(options);
    closeTo(klDivergence(x, y, options), oracle.klDivergence(x, y, options), BOUND, label);
  }
  assert.equal(klDivergence([0, 0], [0, MASKED]), INF, 'mass that y lacks');
  closeTo(klDivergence([0, MASKED], [0, 0]), Math.LN2, { rel: 1e-15 }, '0 ln 0 is 0');
  closeTo(
    klDivergence([0, MASKED], [0, 0], { temperature: -1 }),
    Math.LN2,
    { rel: 1e-15 },
    'masked below 0 too',
  );
  assert.equal(klDivergence([0, MASKED, 1], [2, MASKED, 3]), 0);
  assert.equal(klDivergence([1, 2], [2, 1], { temperature: 0 }), INF);
  closeTo(klDivergence([1, 2], [2, 2], { temperature: 0 }), Math.LN2, { rel: 1e-15 }, 'T 0');
  assert.equal(klDivergence([INF, 0], [INF, 5]), 0);
});

test('rows with their temperatures, different kinds of x and y', () => {
  const x = normal(60, 7, 2);
  const y = Float64Array.from(normal(60, 8, 2));
  const temperature = Float32Array.of(0.5, 1, -1);
  const found = klDivergence(x, y, { rows: 3, temperature });
  const part = (row, r) => row.subarray(20 * r, 20 * r + 20);
  const each = Array.from(temperature, (T, r) => klDivergence(part(x, r), part(y, r), { temperature: T }));
  assert.deepEqual(found, Float32Array.from(each));
  const half = Uint16Array.of(0x3c00, 0x4000);
  assert.equal(klDivergence(half, [1, 2], { dtype: 'float16' }), 0);
});

test('y: what it must be', () => {
  assert.throws(() => klDivergence([1, 2], [1, 2, 3]), {
    name: 'RangeError',
    message: /y must have 2 .*, got 3/,
  });
  assert.throws(() => klDivergence([1, 2], [1, '2']), { name: 'TypeError', message: /y\[1\].*"2"/ });
  assert.throws(() => klDivergence([1, 2], undefined), {
    name: 'TypeError',
    message: /y must be.*undefined/,
  });
  assert.throws(() => klDivergence([1, 2], [1, Number.NaN]), { name: 'LogitsError', code: 'nan', index: 1 });
  assert.throws(() => klDivergence([1, 2], [MASKED, MASKED]), { code: 'masked', message: /klDivergence: y/ });
  assert.throws(() => klDivergence([1, 2, 1, 2], [1, 2, 1, Number.NaN], { rows: 2 }), {
    code: 'nan',
    index: 3,
  });
});

test('arrays in the library memory keep their place, or are read anew when it grows', () => {
  const n = 2 ** 15;
  const [x, y] = [alloc(n), alloc(n)];
  const [a, b] = [normal(n, 9), normal(n, 10)];
  x.set(a);
  y.set(b);
  const expected = klDivergence(a, b);
  assert.equal(klDivergence(x, y), expected);
  assert.equal(x.length, n, 'alloc had made room for what the function needs');
  const long = alloc(4 * n);
  long.set(normal(4 * n, 11));
  const samplers = [];
  while (long.length > 0) samplers.push(new Sampler(2 ** 18));
  assert.throws(() => klDivergence(long, a), TypeError, 'detached before the call');
  for (const sampler of samplers) sampler.dispose();
  for (const view of [x, y, long]) free(view);
});
