import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alloc, entmax15, entropy, free, logSoftmax, logSumExp, softmax, sparsemax } from '../js/index.js';
import { close } from './helpers/close.js';
import { toBfloat16, toFloat16 } from './helpers/half.js';
import { normal } from './helpers/rows.js';
import * as oracle from './oracle/softmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const BOUND = { rel: 5e-7, abs: 1e-38 };

test("the article's example A", () => {
  const p = softmax([1, 5, 6, 3]);
  assert.ok(p instanceof Float32Array);
  assert.deepEqual(
    Array.from(p, (v) => v.toFixed(4)),
    ['0.0047', '0.2583', '0.7020', '0.0350'],
  );
});

test("the article's example B: all of the mass, and exact zeros below 2^-126", () => {
  assert.deepEqual(Array.from(softmax([-12, 120, -203, 2])), [0, 1, 0, 0]);
});

test('temperatures', () => {
  const x = normal(300, 1, 3);
  for (const temperature of [1, 0.7, 2.5, 100, 0.05, -1, -0.3, INF, -INF]) {
    close(softmax(x, { temperature }), oracle.softmax(x, { temperature }), BOUND, `T ${temperature}`);
  }
});

test('temperature 0 shares the mass among the maxima', () => {
  assert.deepEqual(
    Array.from(softmax([2, 7, -1, 7, 7, 7], { temperature: 0 })),
    [0, 0.25, 0, 0.25, 0.25, 0.25],
  );
  assert.deepEqual(Array.from(softmax([2, 7, -1], { temperature: -0 })), [0, 1, 0]);
  assert.deepEqual(Array.from(softmax([0, -0], { temperature: 0 })), [0.5, 0.5]);
});

test('-Infinity is masked under every temperature', () => {
  const x = [MASKED, 1, MASKED, 3, 2];
  for (const temperature of [1, 0.5, 0, -0, -1, -3, INF, -INF]) {
    const p = softmax(x, { temperature });
    assert.equal(p[0], 0, `T ${temperature}`);
    assert.equal(p[2], 0, `T ${temperature}`);
    close(p, oracle.softmax(x, { temperature }), BOUND, `T ${temperature}`);
  }
});

test('+Infinity shares the mass from temperature 0 up, and has none below unless it is alone', () => {
  const x = [INF, 1, INF, MASKED];
  for (const temperature of [0, 0.5, 1, 20]) {
    assert.deepEqual(Array.from(softmax(x, { temperature })), [0.5, 0, 0.5, 0], `T ${temperature}`);
  }
  for (const temperature of [-0.5, -1]) {
    assert.deepEqual(Array.from(softmax(x, { temperature })), [0, 1, 0, 0], `T ${temperature}`);
    assert.deepEqual(
      Array.from(softmax([MASKED, INF, INF], { temperature })),
      [0, 0.5, 0.5],
      `T ${temperature}`,
    );
  }
});

test('under an infinite temperature +Infinity is one of the unmasked', () => {
  const third = Math.fround(1 / 3);
  for (const x of [[INF, 1, MASKED, 3], new Float32Array([INF, 1, MASKED, 3])]) {
    for (const temperature of [INF, -INF]) {
      assert.deepEqual(Array.from(softmax(x, { temperature })), [third, third, 0, third], `T ${temperature}`);
      close(logSoftmax(x, { temperature }), oracle.logSoftmax(x, { temperature }), BOUND, `T ${temperature}`);
      assert.deepEqual(
        Array.from(entmax15(x, { temperature })),
        [third, third, 0, third],
        `T ${temperature}`,
      );
      assert.equal(entropy(x, { temperature }), logSumExp(x, { temperature }));
    }
  }
});

test('base N is temperature T / ln N', () => {
  const x = normal(50, 2, 2);
  for (const base of [2, 10, Math.E, 1.01, 0.5]) {
    for (const temperature of [1, 0.5]) {
      const options = { base, temperature };
      close(softmax(x, options), oracle.softmax(x, options), BOUND, JSON.stringify(options));
    }
  }
  assert.deepEqual(
    Array.from(softmax([1, 2, 3, MASKED], { base: 1 })),
    Array.from(new Float32Array([1 / 3, 1 / 3, 1 / 3, 0])),
  );
  close(softmax([0, 1], { base: 2 }), [1 / 3, 2 / 3], BOUND, 'base 2 doubles per unit');
});

test('out is filled and returned, may be x, and x is otherwise as before', () => {
  const x = normal(111, 3);
  const before = x.slice();
  const expected = softmax(x);
  assert.deepEqual(x, before);
  const out = new Float32Array(111).fill(9);
  assert.equal(softmax(x, { out }), out);
  assert.deepEqual(out, expected);
  assert.deepEqual(x, before);
  assert.equal(softmax(x, { out: x }), x);
  assert.deepEqual(x, expected);
});

test('out with an offset in a larger buffer: its neighbours are untouched', () => {
  const room = new Float32Array(32).fill(7);
  const out = room.subarray(5, 9);
  softmax([1, 5, 6, 3], { out });
  assert.deepEqual(out, softmax([1, 5, 6, 3]));
  assert.ok(room.every((v, i) => (i >= 5 && i < 9) || v === 7));
});

test('every kind of input gives the same result', () => {
  const x = Float32Array.from([1, 5, 6, 3, -2.5, 0]);
  const expected = softmax(x);
  // Float64 takes another path (the maximum goes first), so its last bit is its own.
  close(softmax(Array.from(x)), expected, BOUND, 'number[]');
  close(softmax(Float64Array.from(x)), expected, BOUND, 'Float64Array');
  assert.deepEqual(softmax(Uint16Array.from(x, toFloat16), { dtype: 'float16' }), expected);
  assert.deepEqual(softmax(Uint16Array.from(x, toBfloat16), { dtype: 'bfloat16' }), expected);
  assert.deepEqual(softmax(new Float32Array([9, ...x, 9]).subarray(1, 7)), expected);
});

test('float64 and number[] have their maximum subtracted before rounding', () => {
  for (const Kind of [Array, Float64Array]) {
    close(softmax(Kind.from([1e8, 1e8 + 1])), oracle.softmax([0, 1]), BOUND, '1e8');
    assert.deepEqual(Array.from(softmax(Kind.from([1e300, 0]))), [1, 0]);
    assert.deepEqual(Array.from(softmax(Kind.from([-1e300, -1e300]))), [0.5, 0.5]);
    close(softmax(Kind.from([1e8, 1e8 + 1]), { temperature: -1 }), oracle.softmax([1, 0]), BOUND, 'T -1');
  }
});

test('float64 far beyond float32 leaves the small differences beside it as they are', () => {
  const far = Number.MAX_VALUE;
  for (const Kind of [Array, Float64Array]) {
    for (const low of [-far, -1e300, -1e39]) {
      close(softmax(Kind.from([low, 5, 4])), oracle.softmax([MASKED, 5, 4]), BOUND, `${low}`);
      close(logSoftmax(Kind.from([5, low, 4])), oracle.logSoftmax([5, MASKED, 4]), BOUND, `ln ${low}`);
      close(sparsemax(Kind.from([low, 0.2, 0])), [0, 0.6, 0.4], BOUND, `sparsemax ${low}`);
      assert.deepEqual(Array.from(softmax(Kind.from([low, 5, 4]), { temperature: 0 })), [0, 1, 0]);
      assert.deepEqual(Array.from(softmax(Kind.from([low, 5, -low]), { temperature: -1 })), [1, 0, 0]);
    }
    close(
      softmax(Kind.from([far, 5, 4]), { temperature: -1 }),
      oracle.softmax([MASKED, 4, 5]),
      BOUND,
      'T -1',
    );
    assert.deepEqual(Array.from(softmax(Kind.from([1e300, 0]), { temperature: -1 })), [0, 1]);
    for (const temperature of [1e300, -1e300, 3e299]) {
      const x = [1e300, 0, -far / 1e8];
      close(
        softmax(Kind.from(x), { temperature }),
        oracle.softmax(x, { temperature }),
        BOUND,
        `T ${temperature}`,
      );
    }
  }
});

test('temperatures that float32 cannot invert keep their sign', () => {
  for (const Kind of [Array, Float64Array, Float32Array]) {
    for (const temperature of [-1e-40, -5e-324, 1e-40, 5e-324]) {
      const expected = temperature < 0 ? [0, 0, 1] : [1, 0, 0];
      assert.deepEqual(Array.from(softmax(Kind.from([3, 2, -1]), { temperature })), expected);
      assert.deepEqual(Array.from(entmax15(Kind.from([3, 2, -1]), { temperature })), expected);
    }
  }
  const row = alloc(3);
  row.set([3, 2, -1]);
  assert.deepEqual(Array.from(softmax(row, { temperature: -1e-40, out: row })), [0, 0, 1]);
  free(row);
  close(softmax([1e-50, 2e-50], { temperature: 1e-50 }), oracle.softmax([0, 1]), BOUND, 'T 1e-50');
  assert.deepEqual(Array.from(softmax([1e-50, 2e-50], { temperature: 0 })), [0, 1]);
});

test('rows of a matrix are independent, and each may have its temperature', () => {
  const rows = 3;
  const n = 70;
  const x = normal(rows * n, 4, 3);
  const one = Array.from({ length: rows }, (_, r) => x.subarray(r * n, (r + 1) * n));
  const joined = (list) => Float32Array.from(list.flatMap((row) => Array.from(row)));
  assert.deepEqual(softmax(x, { rows }), joined(one.map((row) => softmax(row))));
  const temperature = [0.5, 1, -2];
  assert.deepEqual(
    softmax(x, { rows, temperature }),
    joined(one.map((row, r) => softmax(row, { temperature: temperature[r] }))),
  );
  const out = new Float32Array(rows * n);
  assert.equal(softmax(x, { rows, out }), out);
});
