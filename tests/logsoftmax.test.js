import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logSoftmax } from '../js/index.js';
import { close } from './helpers/close.js';
import { normal, peaked } from './helpers/rows.js';
import * as oracle from './oracle/softmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
/** One ulp of float32 beside the stated 3e-7. */
const BOUND = { rel: 4.2e-7, abs: 2 ** -126 };

test('temperatures', () => {
  for (const x of [normal(300, 1, 3), peaked(1000, 2), Float32Array.of(1, 5, 6, 3)]) {
    for (const temperature of [1, 0.7, 2.5, 100, 0.05, -1, -0.3, INF, -INF]) {
      close(logSoftmax(x, { temperature }), oracle.logSoftmax(x, { temperature }), BOUND, `T ${temperature}`);
    }
  }
});

test('accurate where p is near 1', () => {
  for (const gap of [5, 10, 16, 20, 50, 80]) {
    const [sure] = logSoftmax([gap, 0]);
    close([sure], [-Math.log1p(Math.exp(-gap))], BOUND, `gap ${gap}`);
  }
});

test('accurate where p underflows', () => {
  close(logSoftmax([0, -100, -1000, -1e30]), [0, -100, -1000, -1e30], BOUND, 'deep tail');
  close(logSoftmax([0, -5000], { temperature: 0.5 }), [0, -10000], BOUND, 'deep tail at T 0.5');
});

test('-Infinity where the probability is 0', () => {
  assert.deepEqual(Array.from(logSoftmax([MASKED, 2, MASKED])), [MASKED, 0, MASKED]);
  assert.deepEqual(Array.from(logSoftmax([1, 2, 0], { temperature: 0 })), [MASKED, 0, MASKED]);
  close(logSoftmax([2, 2, 0], { temperature: 0 }), [-Math.LN2, -Math.LN2, MASKED], BOUND, 'T 0');
  close(logSoftmax([INF, 3, INF]), [-Math.LN2, MASKED, -Math.LN2], BOUND, '+Infinity');
  assert.deepEqual(Array.from(logSoftmax([INF, 3], { temperature: -1 })), [MASKED, 0]);
  for (const temperature of [1, -1, INF, -INF]) {
    const x = [MASKED, 1, 0];
    close(
      logSoftmax(x, { temperature }),
      oracle.logSoftmax(x, { temperature }),
      BOUND,
      `masked at T ${temperature}`,
    );
  }
});

test('base, out, in place, rows', () => {
  const x = normal(140, 5, 2);
  const before = x.slice();
  close(logSoftmax(x, { base: 2 }), oracle.logSoftmax(x, { base: 2 }), BOUND, 'base 2');
  const expected = logSoftmax(x);
  assert.deepEqual(x, before);
  const out = new Float32Array(140);
  assert.equal(logSoftmax(x, { out }), out);
  assert.deepEqual(out, expected);
  const rows = logSoftmax(x, { rows: 2, temperature: [1, 0.5] });
  assert.deepEqual(rows.subarray(0, 70), logSoftmax(x.subarray(0, 70)));
  assert.deepEqual(rows.subarray(70), logSoftmax(x.subarray(70), { temperature: 0.5 }));
  assert.equal(logSoftmax(x, { out: x }), x);
  assert.deepEqual(x, expected);
});

test('float64 input keeps differences that float32 cannot hold', () => {
  close(logSoftmax([1e8, 1e8 + 1]), oracle.logSoftmax([0, 1]), BOUND, 'number[]');
  close(logSoftmax(Float64Array.of(1e8, 1e8 + 1)), oracle.logSoftmax([0, 1]), BOUND, 'Float64Array');
});
