import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logSumExp } from '../js/index.js';
import { closeTo } from './helpers/close.js';
import { flat, normal, peaked, zipf } from './helpers/rows.js';
import * as oracle from './oracle/softmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;

test('temperatures', () => {
  for (const x of [normal(300, 1, 3), peaked(1000, 2), zipf(500, 3), flat(65, 4)]) {
    for (const temperature of [1, 0.7, 2.5, 0.05, -1, -0.3, INF, -INF]) {
      const expected = oracle.logSumExp(x, { temperature });
      closeTo(logSumExp(x, { temperature }), expected, { abs: 1e-6 }, `n ${x.length}, T ${temperature}`);
    }
  }
});

test('one logit is its own', () => {
  assert.equal(logSumExp([3.25]), 3.25);
  assert.equal(logSumExp([3.25], { temperature: 0.5 }), 6.5);
  assert.equal(logSumExp([-1e30]), -1e30);
  assert.equal(logSumExp(Float32Array.of(-1e30)), Math.fround(-1e30));
});

test('the limits at temperature 0', () => {
  assert.equal(logSumExp([1, 2], { temperature: 0 }), INF);
  assert.equal(logSumExp([-1, -2], { temperature: 0 }), MASKED);
  closeTo(logSumExp([0, 0, 0, -2], { temperature: 0 }), Math.log(3), { abs: 1e-6 }, 'three maxima of 0');
});

test('masks and infinities', () => {
  assert.equal(logSumExp([MASKED, MASKED]), MASKED);
  assert.equal(logSumExp(new Float32Array(300).fill(MASKED)), MASKED);
  assert.equal(logSumExp([MASKED, 4]), 4);
  assert.equal(logSumExp([INF, 4]), INF);
  closeTo(
    logSumExp([MASKED, 1, 2, 3], { temperature: INF }),
    Math.log(3),
    { abs: 1e-6 },
    'T Infinity counts',
  );
});

test('base 2 sums powers of 2, and the result is in nats', () => {
  closeTo(logSumExp([3, 3], { base: 2 }), Math.log(16), { abs: 1e-6 }, 'base 2');
});

test('float64 input: the offset is not rounded away', () => {
  const expected = 1e8 + Math.log1p(Math.exp(1));
  for (const x of [[1e8, 1e8 + 1], Float64Array.of(1e8, 1e8 + 1)]) {
    closeTo(logSumExp(x), expected, { abs: 1e-6 }, x.constructor.name);
  }
  assert.equal(logSumExp([1e300, 0]), 1e300);
});

test('rows', () => {
  const x = normal(210, 5, 2);
  const found = logSumExp(x, { rows: 3, temperature: [1, 2, 0.5] });
  assert.equal(found.length, 3);
  [1, 2, 0.5].forEach((temperature, r) => {
    const expected = oracle.logSumExp(x.subarray(r * 70, (r + 1) * 70), { temperature });
    closeTo(found[r], expected, { abs: 1e-6, rel: 6e-8 }, `row ${r}`);
  });
});

test('rows and temperatures beyond float32', () => {
  const pair = 5 + Math.log1p(Math.exp(-1));
  for (const Kind of [Array, Float64Array]) {
    for (const low of [-Number.MAX_VALUE, -1e39]) {
      closeTo(logSumExp(Kind.from([low, 5, 4])), pair, { abs: 1e-6 }, `${low}`);
    }
    assert.equal(logSumExp(Kind.from([1e300, 0]), { temperature: -1 }), 0);
  }
  for (const Kind of [Array, Float64Array, Float32Array]) {
    closeTo(logSumExp(Kind.from([4, 2]), { temperature: 1e-40 }), 4e40, { rel: 1e-7 }, 'T 1e-40');
    closeTo(logSumExp(Kind.from([4, 2]), { temperature: -1e-40 }), -2e40, { rel: 1e-7 }, 'T -1e-40');
  }
});
