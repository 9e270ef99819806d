import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossEntropy, crossEntropyBackward, crossEntropyTemperatureGrad } from '../js/index.js';
import { close, closeTo } from './helpers/close.js';
import { derivative, gradient } from './helpers/differences.js';
import { KINDS, normal, SIZES } from './helpers/rows.js';
import * as oracle from './oracle/crossentropy.js';
import { softmax } from './oracle/softmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const BOUND = { rel: 1e-9, abs: 1e-14 };
const ROUNDED = { rel: 1e-7, abs: 1e-12 };
/** Central differences of a float64 oracle. */
const DIFFERENCES = { rel: 1e-6, abs: 1e-8 };

test('every length, every kind of row: id, smoothed, probabilities', () => {
  for (const n of SIZES) {
    for (const [kind, make] of Object.entries(KINDS)) {
      if (n > 100000 && kind !== 'peaked') continue; // the oracle is slow
      const x = make(n, n);
      const soft = softmax(normal(n, 5));
      for (const [target, labelSmoothing] of [
        [n >> 1, 0],
        [n - 1, 0.2],
        [soft, 0],
        [soft, 1],
      ]) {
        const label = `${kind} ${n}, ${typeof target}, ${labelSmoothing}`;
        const options = { labelSmoothing };
        closeTo(crossEntropy(x, target, options), oracle.crossEntropy(x, target, options), BOUND, label);
        const expected = oracle.crossEntropyBackward(x, target, options);
        close(crossEntropyBackward(x, target, options), expected, ROUNDED, label);
      }
    }
  }
});

test('gradients are what finite differences of the oracle give', () => {
  const x = normal(24, 1, 2);
  const soft = Float64Array.from({ length: 24 }, (_, i) => (i % 5) / 47);
  for (const temperature of [1, 0.4, 3, -0.7]) {
    for (const target of [7, soft]) {
      for (const labelSmoothing of [0, 0.3]) {
        const options = { temperature, labelSmoothing };
        const label = `T ${temperature}, ${typeof target}, ${labelSmoothing}`;
        const byX = gradient((row) => oracle.crossEntropy(row, target, options), x);
        close(crossEntropyBackward(x, target, options), byX, DIFFERENCES, label);
        const loss = (T) => oracle.crossEntropy(x, target, { ...options, temperature: T });
        const byT = derivative(loss, temperature);
        closeTo(crossEntropyTemperatureGrad(x, target, options), byT, DIFFERENCES, `${label}: temperature`);
      }
    }
  }
  const byX = gradient((row) => oracle.crossEntropy(row, 3, { base: 2 }), x);
  close(crossEntropyBackward(x, 3, { base: 2 }), byX, DIFFERENCES, 'base 2');
});

test('a loss near 0 keeps its digits', () => {
  for (const gap of [10, 40, 200]) {
    closeTo(crossEntropy([gap, 0], 0), Math.log1p(Math.exp(-gap)), { rel: 1e-13 }, `gap ${gap}`);
    closeTo(crossEntropy([gap, 0], 1), gap + Math.log1p(Math.exp(-gap)), { rel: 1e-15 }, `lost by ${gap}`);
  }
});

test('masks and limits of the temperature', () => {
  const x = [1, MASKED, 3, 3];
  assert.equal(crossEntropy(x, 1), INF);
  assert.equal(crossEntropy(x, 0, { labelSmoothing: 0.1 }), INF, 'smoothing gives the masked its share');
  const open = crossEntropy([1, 3, 3], [0.5, 0.25, 0.25]);
  assert.equal(crossEntropy(x, [0.5, 0, 0.25, 0.25]), open, '0 of what is masked adds nothing');
  closeTo(crossEntropy(x, 2, { temperature: 0 }), Math.LN2, BOUND, 'T 0');
  assert.equal(crossEntropy(x, 0, { temperature: 0 }), INF);
  closeTo(crossEntropy(x, 0, { temperature: INF }), Math.log(3), BOUND, 'T Infinity');
  assert.equal(crossEntropy([INF, 0], 0), 0);
  assert.equal(crossEntropy([INF, 0], 0, { temperature: -1 }), INF);
  const found = crossEntropyBackward(x, 2);
  const [p, q] = softmax([1, 3, 3]);
  close(found, [p, 0, q - 1, q], ROUNDED, 'the masked have no gradient');
  assert.deepEqual(Array.from(crossEntropyBackward(x, 1)).slice(1, 2), [-1], 'unless they are the target');
  for (const temperature of [INF, MASKED]) {
    assert.deepEqual(Array.from(crossEntropyBackward(x, 2, { temperature })), [0, 0, 0, 0]);
    assert.equal(crossEntropyTemperatureGrad(x, 1, { temperature }), 0);
  }
  assert.equal(crossEntropyTemperatureGrad(x, 1), MASKED);
});

test('rows: ids of which some are ignored, reductions, temperatures', () => {
  const x = normal(40, 3, 2);
  const ids = Int32Array.of(3, -100, 9, 0);
  const temperature = [1, 2, 0.5, -1];
  const options = { rows: 4, temperature };
  const part = (r) => [x.subarray(10 * r, 10 * r + 10), ids[r], { temperature: temperature[r] }];
  const over = (f) => temperature.map((_, r) => (ids[r] < 0 ? undefined : f(...part(r))));
  const losses = over(oracle.crossEntropy);
  const sum = losses.reduce((a, b) => a + (b ?? 0), 0);
  close(
    crossEntropy(x, ids, { ...options, reduction: 'none' }),
    losses.map((v) => v ?? 0),
    ROUNDED,
    'none',
  );
  closeTo(crossEntropy(x, ids, { ...options, reduction: 'sum' }), sum, BOUND, 'sum');
  closeTo(crossEntropy(x, ids, options), sum / 3, BOUND, 'mean');
  const rows = over(oracle.crossEntropyBackward).map((row) => row ?? new Array(10).fill(0));
  const heats = over(oracle.crossEntropyTemperatureGrad).map((v) => v ?? 0);
  for (const [reduction, share] of [
    ['mean', 1 / 3],
    ['sum', 1],
    ['none', 1],
  ]) {
    const given = { ...options, reduction };
    const flat = rows.flat().map((v) => v * share);
    close(crossEntropyBackward(x, ids, given), flat, ROUNDED, `${reduction}: backward`);
    const found = crossEntropyTemperatureGrad(x, ids, given);
    close(
      found,
      heats.map((v) => v * share),
      ROUNDED,
      `${reduction}: temperature`,
    );
  }
  const soft = softmax(x);
  const means = [0, 1, 2, 3].map((r) =>
    oracle.crossEntropy(x.subarray(10 * r, 10 * r + 10), soft.subarray(10 * r, 10 * r + 10)),
  );
  closeTo(crossEntropy(x, soft, { rows: 4 }), means.reduce((a, b) => a + b) / 4, BOUND, 'probability rows');
  assert.equal(crossEntropy(x, new Int32Array(4).fill(-100), { rows: 4, reduction: 'sum' }), 0);
});

test('out: filled, may be x, as before after an error', () => {
  const x = normal(20, 4);
  const ids = Int32Array.of(1, 2);
  const expected = crossEntropyBackward(x, ids, { rows: 2 });
  const own = x.slice();
  assert.equal(crossEntropyBackward(own, ids, { rows: 2, out: own }), own);
  assert.deepEqual(own, expected);
  const one = x.slice();
  assert.deepEqual(crossEntropyBackward(one, 3, { out: one }), crossEntropyBackward(x, 3));
  const out = new Float32Array(2).fill(7);
  assert.equal(crossEntropy(x, ids, { rows: 2, reduction: 'none', out }), out);
  const bad = x.slice();
  bad[15] = Number.NaN;
  const kept = bad.slice();
  assert.throws(() => crossEntropyBackward(bad, ids, { rows: 2, out: bad }), { code: 'nan', index: 15 });
  assert.deepEqual(bad, kept);
  assert.throws(() => crossEntropy(x, ids, { rows: 2, out }), {
    name: 'TypeError',
    message: /unknown option "out"/,
  });
});

test('targets and options: what they must be', () => {
  const x = [1, 2, 3, 4];
  for (const [target, name, message, options] of [
    [4, 'RangeError', /target must be .*\[0, 3\], got 4/],
    [-1, 'RangeError', /target.*got -1/],
    [1.5, 'RangeError', /target.*integer.*1\.5/],
    [-100, 'RangeError', /target ignores all rows/],
    ['1', 'TypeError', /target.*"1"/],
    [undefined, 'TypeError', /target.*undefined/],
    [[0, 1, 0], 'RangeError', /target must have 4 elements.*got 3/],
    [[0, 1, 0, -0.5], 'RangeError', /target\[3\].*-0\.5/],
    [[0, 1, Number.NaN, 0], 'RangeError', /target\[2\].*NaN/],
    [[0, 1, INF, 0], 'RangeError', /target\[2\].*Infinity/],
    [[0, '1', 0, 0], 'TypeError', /target\[1\].*"1"/],
    [Int32Array.of(0, 1), 'RangeError', /id for each of 1 rows, got 2/],
    [Int32Array.of(0, 2), 'RangeError', /target\[1\].*\[0, 1\], got 2/, { rows: 2 }],
    [0, 'RangeError', /id for each of 2 rows, got 1/, { rows: 2 }],
    [0, 'RangeError', /labelSmoothing.*\[0, 1\], got 1\.1/, { labelSmoothing: 1.1 }],
    [0, 'TypeError', /labelSmoothing.*"0"/, { labelSmoothing: '0' }],
    [0, 'RangeError', /reduction.*"mean".*"avg"/, { reduction: 'avg' }],
    [0, 'TypeError', /label_smoothing.*labelSmoothing/, { label_smoothing: 0.1 }],
  ]) {
    for (const call of [crossEntropy, crossEntropyBackward, crossEntropyTemperatureGrad])
      assert.throws(() => call(x, target, options), { name, message }, `${call.name} ${target}`);
  }
  for (const call of [crossEntropyBackward, crossEntropyTemperatureGrad]) {
    assert.throws(() => call(x, 0, { temperature: 0 }), {
      name: 'RangeError',
      message: /temperature must not be 0/,
    });
    const options = { rows: 2, temperature: [1, -0] };
    assert.throws(() => call(x, Int32Array.of(0, 0), options), {
      name: 'RangeError',
      message: /temperature/,
    });
  }
});
