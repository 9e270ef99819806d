import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logSoftmax, perplexity } from '../js/index.js';
import { closeTo } from './helpers/close.js';
import { normal } from './helpers/rows.js';

const INF = Number.POSITIVE_INFINITY;
const BOUND = { rel: 1e-12 };

test('exp(-mean), whatever the array', () => {
  const logs = Array.from(normal(1000, 1), (v) => -Math.abs(v) * 4);
  const expected = Math.exp(-logs.reduce((a, b) => a + b) / 1000);
  closeTo(perplexity(logs), expected, BOUND, 'number[]');
  closeTo(perplexity(Float64Array.from(logs)), expected, BOUND, 'Float64Array');
  closeTo(perplexity(Float32Array.from(logs)), expected, { rel: 1e-7 }, 'Float32Array');
});

test('uniform over n is n, certain is 1, impossible is Infinity', () => {
  for (const n of [1, 2, 7, 50257]) {
    closeTo(perplexity([0, 0, 0].map(() => -Math.log(n))), n, BOUND, `${n}`);
    closeTo(perplexity(logSoftmax(new Float32Array(n))), n, { rel: 1e-6 }, `softmax of ${n}`);
  }
  assert.equal(perplexity([0]), 1);
  assert.equal(perplexity([-0, 0]), 1);
  assert.equal(perplexity([-1, -INF]), INF);
  assert.equal(perplexity([-800]), INF, 'beyond float64');
});

test('what it must be', () => {
  assert.throws(() => perplexity([]), { name: 'LogitsError', code: 'empty' });
  assert.throws(() => perplexity([-1, 0.5]), { name: 'RangeError', message: /logprobs\[1\].*0\.5/ });
  assert.throws(() => perplexity([-1, Number.NaN]), { name: 'RangeError', message: /logprobs\[1\].*NaN/ });
  assert.throws(() => perplexity(['a']), { name: 'TypeError', message: /logprobs\[0\]/ });
  assert.throws(() => perplexity(5), { name: 'TypeError', message: /perplexity: logprobs.*5/ });
});
