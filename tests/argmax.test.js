import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argmax } from '../js/index.js';
import { toBfloat16, toFloat16 } from './helpers/half.js';
import { normal, SIZES, tied } from './helpers/rows.js';
import * as oracle from './oracle/rank.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;

test('the largest, wherever it stands', () => {
  for (const n of SIZES.filter((size) => size < 1000)) {
    for (let at = 0; at < n; at++) {
      const x = normal(n, at + 1);
      x[at] = 100;
      assert.equal(argmax(x), at, `n ${n}`);
    }
  }
});

test('the lowest id among equals', () => {
  for (let seed = 0; seed < 50; seed++) {
    const x = tied(200, seed);
    assert.equal(argmax(x), oracle.argmax(x), `seed ${seed}`);
  }
  assert.equal(argmax(new Float32Array(500)), 0);
});

test('ties are IEEE equality: -0 equals 0', () => {
  assert.equal(argmax([-1, -0, 0]), 1);
  assert.equal(argmax([-1, 0, -0]), 1);
});

test('infinities', () => {
  assert.equal(argmax([1, INF, 2, INF]), 1);
  assert.equal(argmax([MASKED, MASKED, -1e38]), 2);
});

test('kinds of input', () => {
  const x = [1, 5, 6, 3];
  assert.equal(argmax(x), 2);
  assert.equal(argmax(Float64Array.from(x)), 2);
  assert.equal(argmax(Uint16Array.from(x, toFloat16), { dtype: 'float16' }), 2);
  assert.equal(argmax(Uint16Array.from(x, toBfloat16), { dtype: 'bfloat16' }), 2);
  assert.equal(argmax([1e8, 1e8 + 1]), 1, 'a difference that float32 cannot hold');
  assert.equal(argmax([1e300, 1e301]), 1);
});

test('rows', () => {
  const x = normal(400, 9);
  const found = argmax(x, { rows: 4 });
  const expected = [0, 1, 2, 3].map((r) => oracle.argmax(x.subarray(r * 100, (r + 1) * 100)));
  assert.deepEqual(Array.from(found), expected);
});
