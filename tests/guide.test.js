import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guide, softmax } from '../js/index.js';
import { close } from './helpers/close.js';
import { normal, SIZES } from './helpers/rows.js';
import { logSoftmax } from './oracle/softmax.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const LARGEST = 3.4028234663852886e38;

test('u + (c - u) scale, rounded once', () => {
  for (const n of SIZES.filter((size) => size < 150000)) {
    const c = normal(n, n, 3);
    const u = normal(n, n + 1, 3);
    for (const scale of [1.5, 7.5, 0.25, -1, 1e6]) {
      const expected = Float32Array.from(c, (v, i) => u[i] + (v - u[i]) * scale);
      assert.deepEqual(guide(c, u, scale), expected);
    }
    assert.deepEqual(guide(c, u, 1), c);
    assert.deepEqual(guide(c, u, 0), u);
  }
});

test('normalising beforehand changes no probability', () => {
  const c = normal(300, 1, 3);
  const u = normal(300, 2, 3);
  const plain = softmax(guide(c, u, 2.5));
  close(softmax(guide(logSoftmax(c), logSoftmax(u), 2.5)), plain, { rel: 1e-5, abs: 1e-9 }, 'probabilities');
});

test('what is masked in either stays masked, and only infinity is infinite', () => {
  const c = [MASKED, MASKED, 2, INF, INF, 1, MASKED];
  const u = [MASKED, 1, MASKED, 1, INF, INF, INF];
  assert.deepEqual(Array.from(guide(c, u, 2)), [MASKED, MASKED, MASKED, INF, INF, MASKED, MASKED]);
  assert.deepEqual(Array.from(guide(c, u, 0.5)), [MASKED, MASKED, MASKED, INF, INF, INF, MASKED]);
  assert.deepEqual(Array.from(guide(c, u, 1)), c);
  assert.deepEqual(Array.from(guide(c, u, 0)), u);
  assert.deepEqual(Array.from(guide([3e38, -3e38], [-3e38, 3e38], 5)), [LARGEST, -LARGEST]);
  assert.deepEqual(Array.from(guide([1e308, 1e308], [1e308, -1e308], 1e300)), [LARGEST, LARGEST]);
});

test('out, also one of the two; after an error it is as before', () => {
  const c = normal(10, 1);
  const u = normal(10, 2);
  const expected = guide(c, u, 3);
  for (const which of [0, 1]) {
    const both = [c.slice(), u.slice()];
    assert.equal(guide(...both, 3, { out: both[which] }), both[which]);
    assert.deepEqual(both[which], expected);
  }
  assert.deepEqual(guide(c, u, 3, { rows: 2 }), expected);
  const bad = u.slice();
  bad[7] = Number.NaN;
  const out = c.slice();
  assert.throws(() => guide(c, bad, 3, { out }), {
    name: 'LogitsError',
    code: 'nan',
    index: 7,
    message: /guide: uncond/,
  });
  assert.throws(() => guide(bad, u, 3, { out, rows: 2 }), { code: 'nan', index: 7, message: /guide: cond/ });
  assert.deepEqual(out, c);
});

test('what it must be', () => {
  for (const scale of [Number.NaN, INF]) {
    assert.throws(() => guide([1], [1], scale), { name: 'RangeError', message: /scale.*finite/ });
  }
  assert.throws(() => guide([1], [1], '2'), { name: 'TypeError', message: /scale.*"2"/ });
  assert.throws(() => guide([1], [1]), { name: 'TypeError', message: /scale.*undefined/ });
  assert.throws(() => guide([1], [1, 2], 2), { name: 'RangeError', message: /uncond must have 1 .*got 2/ });
  assert.throws(() => guide('a', [1], 2), { name: 'TypeError', message: /cond.*"a"/ });
  assert.throws(() => guide([], [], 2), { name: 'LogitsError', code: 'empty' });
  assert.throws(() => guide([1], [1], 2, { temperature: 2 }), { name: 'TypeError', message: /temperature/ });
});
