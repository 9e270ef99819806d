import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alloc, attention, free, LogitsError, softmax } from '../js/index.js';
import { close } from './helpers/close.js';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './helpers/half.js';
import { below, random } from './helpers/random.js';
import { normal } from './helpers/rows.js';
import * as oracle from './oracle/attention.js';

const MASKED = Number.NEGATIVE_INFINITY;
const BOUND = { rel: 1e-6, abs: 1e-7 };

/** A bias that hides about half of the keys, never the one before the last of a causal query's. */
function biasOf(n, m, seed) {
  const next = random(seed);
  return Float32Array.from({ length: n * m }, (_, at) => {
    const [i, j] = [Math.floor(at / m), at % m];
    return next() < 0.5 && j !== Math.max(0, i + m - n) ? MASKED : 4 * next() - 2;
  });
}

test('by hand: equal scores average, and a far one counts for nothing', () => {
  close(attention([1, 0], [1, 0, 0, 1], [10, 20], { d: 2, dv: 1 }), [13.302385], BOUND, 'two keys');
  close(attention([0, 0], [1, 2, 3, 4], [10, 20], { d: 2, dv: 1 }), [15], BOUND, 'equal');
  close(attention([100], [1, -1], [5, 7], { d: 1, scale: 1 }), [5], BOUND, 'far');
  close(attention([1], [1, -1], [5, 7], { d: 1, scale: -1000 }), [7], BOUND, 'scale');
});

test('against materialised float64: n from 1 to 1,000, with and without causal and mask', () => {
  for (const [n, m, d, dv] of [
    [1, 1, 1, 1],
    [1, 7, 3, 2],
    [2, 5, 5, 7],
    [3, 64, 8, 3],
    [17, 33, 4, 1],
    [64, 64, 64, 64],
    [100, 300, 6, 9],
    [255, 255, 16, 16],
    [300, 1000, 8, 8],
    [1000, 1000, 16, 5],
  ]) {
    const seed = 13 * n + m;
    const q = normal(n * d, seed, 2);
    const k = normal(m * d, seed + 1, 2);
    const v = normal(m * dv, seed + 2, 1).map((x) => x + 2);
    for (const causal of [false, true])
      for (const mask of [undefined, biasOf(n, m, seed + 3)]) {
        const options = { d, dv, causal, mask };
        const label = `${n} x ${m}, d ${d}, dv ${dv}, causal ${causal}, mask ${mask !== undefined}`;
        close(attention(q, k, v, options), oracle.attention(q, k, v, options), BOUND, label);
      }
  }
});

test('scores of hundreds keep their digits', () => {
  const [q, k, v] = [normal(40 * 32, 1, 9), normal(50 * 32, 2, 9), normal(50 * 32, 3)];
  for (const scale of [1, 0.1, 1 / Math.sqrt(32)])
    close(
      attention(q, k, v, { d: 32, scale }),
      oracle.attention(q, k, v, { d: 32, scale }),
      BOUND,
      `scale ${scale}`,
    );
});

test('with the unit matrix for values it is softmax of the scores', () => {
  const check = fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.boolean(), (m, seed, equal) => {
    const unit = Float32Array.from({ length: m * m }, (_, i) => (i % (m + 1) === 0 ? 1 : 0));
    const k = equal ? new Float32Array(m).fill(2) : normal(m, seed, 3);
    close(
      attention([1.5], k, unit, { d: 1, dv: m, scale: 2 }),
      softmax(Float64Array.from(k, (x) => 3 * x)),
      BOUND,
      `m ${m}`,
    );
  });
  fc.assert(check, { seed: 20260906, numRuns: 200 });
});

test('keys in another order, a common offset of the bias, and keys that are hidden change nothing', () => {
  const [n, m, d] = [4, 30, 6];
  const [q, k, v] = [normal(n * d, 5), normal(m * d, 6), normal(m * d, 7)];
  const expected = attention(q, k, v, { d });
  const next = random(8);
  const order = Array.from({ length: m }, (_, j) => j);
  for (let j = m - 1; j > 0; j--) {
    const i = below(next, j + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const rowsOf = (x) => Float32Array.from(order.flatMap((j) => Array.from(x.subarray(j * d, j * d + d))));
  close(attention(q, rowsOf(k), rowsOf(v), { d }), expected, BOUND, 'order');
  close(attention(q, k, v, { d, mask: new Float32Array(n * m).fill(64) }), expected, BOUND, 'offset');
  const mask = Array.from({ length: n * (m + 5) }, (_, at) => (at % (m + 5) < m ? 0 : MASKED));
  const more = [...k, ...normal(5 * d, 9, 50)];
  close(attention(q, more, [...v, ...normal(5 * d, 10)], { d, mask }), expected, BOUND, 'hidden');
});

test('causal: the last query sees all keys, and what comes later does not matter', () => {
  const [n, d] = [9, 4];
  const [q, k, v] = [normal(n * d, 1), normal(n * d, 2), normal(n * d, 3)];
  const all = attention(q, k, v, { d, causal: true });
  assert.deepEqual(all.slice(0, d), v.slice(0, d));
  for (let i = 1; i <= n; i++) {
    const part = (x) => x.subarray(0, i * d);
    assert.deepEqual(attention(part(q), part(k), part(v), { d, causal: true }), all.slice(0, i * d));
    assert.deepEqual(
      attention(q.subarray((i - 1) * d, i * d), part(k), part(v), { d }),
      all.slice(i * d - d, i * d),
    );
  }
});

test('every kind of input; out may be an input, or lie in the library', () => {
  const [d, m] = [4, 6];
  const half = (x, to, from) => [Uint16Array.from(x, to), Float32Array.from(x, (y) => from(to(y)))];
  const inputs = [normal(2 * d, 1), normal(m * d, 2), normal(m * d, 3)];
  for (const [dtype, to, from] of [
    ['float16', toFloat16, fromFloat16],
    ['bfloat16', toBfloat16, fromBfloat16],
  ]) {
    const both = inputs.map((x) => half(x, to, from));
    const expected = attention(...both.map(([, wide]) => wide), { d });
    assert.deepEqual(attention(...both.map(([narrow]) => narrow), { d, dtype }), expected);
  }
  const expected = attention(...inputs, { d });
  assert.deepEqual(attention(...inputs.map((x) => Float64Array.from(x)), { d }), expected);
  assert.deepEqual(attention(...inputs.map((x) => Array.from(x)), { d }), expected);
  const inside = alloc(2 * d);
  inside.set(inputs[0]);
  assert.equal(attention(inside, inputs[1], inputs[2], { d, out: inside }), inside);
  assert.deepEqual(Float32Array.from(inside), expected);
  free(inside);
});

test('bad input', () => {
  const q = normal(8, 1);
  const k = normal(12, 2);
  const v = normal(12, 3);
  const fails = (call, name, ...parts) =>
    assert.throws(call, (e) => {
      assert.equal(e.name, name, e.message);
      for (const part of ['attention', ...parts]) assert.ok(e.message.includes(part), e.message);
      return true;
    });
  fails(() => attention(q, k, v), 'TypeError', 'options');
  fails(() => attention(q, k, v, {}), 'TypeError', 'd must be an integer');
  fails(() => attention(q, k, v, { d: 0 }), 'RangeError', 'd must', '0');
  fails(() => attention(q, k, v, { d: 1.5 }), 'RangeError', '1.5');
  fails(() => attention(q, k, v, { d: 3 }), 'RangeError', 'q', 'multiple of 3', '8');
  fails(() => attention(q, k, v, { d: 8 }), 'RangeError', 'k', 'multiple of 8', '12');
  fails(() => attention(q, k, v, { d: 4, dv: 5 }), 'RangeError', 'v', 'multiple of 5');
  fails(() => attention(q, k, v, { d: 4, dv: 2 }), 'RangeError', 'v must have 3 rows', '6');
  fails(() => attention(q, k, v, { d: 4, scale: Number.POSITIVE_INFINITY }), 'RangeError', 'scale');
  fails(() => attention(q, k, v, { d: 4, scale: Number.NaN }), 'RangeError', 'scale', 'NaN');
  fails(() => attention(q, k, v, { d: 4, causal: 1 }), 'TypeError', 'causal', '1');
  fails(() => attention(q, k, v, { d: 4, casual: true }), 'TypeError', 'did you mean causal');
  fails(() => attention(q, k, v, { d: 4, mask: new Float32Array(5) }), 'RangeError', 'mask', '3');
  fails(() => attention(q, k, v, { d: 4, mask: new Float32Array(9) }), 'RangeError', 'mask', '2 x 3', '9');
  fails(() => attention(q, k, v, { d: 4, out: new Float32Array(7) }), 'RangeError', 'out', '8', '7');
  fails(() => attention(q, k, 'v', { d: 4 }), 'TypeError', 'v');
  fails(() => attention(new Array(4), k, v, { d: 4 }), 'TypeError', 'q[0]', 'hole');
  fails(() => attention([], k, v, { d: 4 }), 'LogitsError', 'q');
  const changed = (x, at, value) => x.map((old, i) => (i === at ? value : old));
  fails(() => attention(q, changed(k, 7, 1 / 0), v, { d: 4 }), 'RangeError', 'k[7]', 'Infinity');
  fails(() => attention(q, k, changed(v, 2, MASKED), { d: 4 }), 'RangeError', 'v[2]', '-Infinity');
  fails(
    () =>
      attention(
        Array.from(q, () => 1e39),
        k,
        v,
        { d: 4 },
      ),
    'RangeError',
    'q[',
    '1e+39',
  );
  const positive = changed(new Float32Array(6), 4, 1 / 0);
  fails(() => attention(q, k, v, { d: 4, mask: positive }), 'RangeError', 'mask[4]', 'Infinity');
  const out = new Float32Array(8).fill(5);
  for (const [index, arrays] of Object.entries({
    5: [changed(q, 5, Number.NaN), k, v],
    11: [q, changed(k, 11, Number.NaN), v],
    0: [q, k, changed(v, 0, Number.NaN)],
  }))
    assert.throws(() => attention(...arrays, { d: 4, out }), { code: 'nan', index: Number(index), count: 1 });
  const nan = changed(new Float32Array(6), 4, Number.NaN);
  assert.throws(() => attention(q, k, v, { d: 4, mask: nan, out }), { code: 'nan', index: 4, count: 1 });
  const mask = Float32Array.of(0, 0, 0, MASKED, MASKED, MASKED);
  const none = (e) => e instanceof LogitsError && e.code === 'masked' && e.index === 1;
  assert.throws(() => attention(q, k, v, { d: 4, mask, out }), none);
  assert.ok(out.every((x) => x === 5));
  // Four queries and three keys: the first sees the keys up to -1.
  assert.throws(() => attention([...q, ...q], k, v, { d: 4, causal: true }), { code: 'masked', index: 0 });
});
