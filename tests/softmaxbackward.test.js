import assert from 'node:assert/strict';
import { test } from 'node:test';
import { softmax, softmaxBackward, softmaxTemperatureGrad } from '../js/index.js';
import { close, closeTo } from './helpers/close.js';
import { derivative, gradient } from './helpers/differences.js';
import { normal, peaked } from './helpers/rows.js';
import * as softmaxes from './oracle/softmax.js';
import * as oracle from './oracle/softmaxbackward.js';

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const ROUNDED = { rel: 1e-7, abs: 1e-12 };
const DIFFERENCES = { rel: 1e-6, abs: 1e-8 };

/** What has the gradient g with respect to the probabilities. */
const inner = (x, g, options) => softmaxes.softmax(x, options).reduce((sum, p, i) => sum + p * g[i], 0);

test('as the whole Jacobian has it', () => {
  for (const n of [1, 2, 3, 64, 65, 300]) {
    const x = peaked(n, n);
    const g = normal(n, n + 1, 3);
    for (const temperature of [1, 0.5, -2]) {
      const label = `${n}, T ${temperature}`;
      const p = softmaxes.softmax(x, { temperature });
      const expected = oracle.softmaxBackward(p, g, { temperature });
      close(softmaxBackward(p, g, { temperature }), expected, ROUNDED, label);
      const byT = oracle.softmaxTemperatureGrad(x, g, { temperature });
      closeTo(softmaxTemperatureGrad(x, g, { temperature }), byT, { rel: 1e-9, abs: 1e-12 }, label);
    }
  }
});

test('gradients are what finite differences of the oracle give', () => {
  const x = normal(24, 1, 2);
  const g = normal(24, 2);
  for (const temperature of [1, 0.4, 3, -0.7]) {
    const options = { temperature };
    const byX = gradient((row) => inner(row, g, options), x);
    close(softmaxBackward(softmaxes.softmax(x, options), g, options), byX, DIFFERENCES, `T ${temperature}`);
    const byT = derivative((T) => inner(x, g, { temperature: T }), temperature);
    closeTo(softmaxTemperatureGrad(x, g, options), byT, DIFFERENCES, `T ${temperature}: temperature`);
  }
  const byX = gradient((row) => inner(row, g, { base: 2 }), x);
  close(softmaxBackward(softmaxes.softmax(x, { base: 2 }), g, { base: 2 }), byX, DIFFERENCES, 'base 2');
});

test('151,936 logits: the gradient sums to 0, and the temperature has its share', () => {
  const x = peaked(151936, 1);
  const g = normal(151936, 2, 3);
  const p = softmaxes.softmax(x);
  const mean = p.reduce((sum, v, i) => sum + v * g[i], 0);
  const expected = p.map((v, i) => v * (g[i] - mean));
  const found = softmaxBackward(p, g);
  close(found, expected, ROUNDED, 'gradient');
  closeTo(
    softmaxTemperatureGrad(x, g),
    -expected.reduce((sum, v, i) => sum + v * x[i], 0),
    { rel: 1e-9, abs: 1e-11 },
    'temperature',
  );
  const sum = found.reduce((a, b) => a + b, 0);
  assert.ok(Math.abs(sum) < 1e-6, `sum ${sum}`);
});

test('what is masked has none, and at an infinite temperature nothing has', () => {
  const x = [1, MASKED, 2];
  const found = softmaxBackward(softmax(x), [1, 5, 2]);
  assert.equal(found[1], 0);
  assert.equal(softmaxTemperatureGrad(x, [1, 5, 2]), softmaxTemperatureGrad([1, 2], [1, 2]));
  for (const temperature of [INF, MASKED]) {
    assert.deepEqual(Array.from(softmaxBackward([0.5, 0.5], [1, -2], { temperature })), [0, 0]);
    assert.equal(softmaxTemperatureGrad(x, [1, 5, 2], { temperature }) + 0, 0);
  }
  assert.deepEqual(Array.from(softmaxBackward([0.5, 0.5], [1, 2], { base: 1 })), [0, 0]);
});

test('rows with their temperatures, out, in place of either', () => {
  const x = normal(40, 3);
  const g = normal(40, 4);
  const temperature = [0.5, -1];
  const options = { rows: 2, temperature };
  const p = softmax(x, options);
  const found = softmaxBackward(p, g, options);
  const part = (row, r) => row.subarray(20 * r, 20 * r + 20);
  temperature.forEach((T, r) => {
    assert.deepEqual(part(found, r), softmaxBackward(part(p, r), part(g, r), { temperature: T }));
  });
  assert.deepEqual(
    softmaxTemperatureGrad(x, g, options),
    Float32Array.from(temperature, (T, r) =>
      softmaxTemperatureGrad(part(x, r), part(g, r), { temperature: T }),
    ),
  );
  for (const which of [0, 1]) {
    const both = [p.slice(), g.slice()];
    assert.equal(softmaxBackward(...both, { ...options, out: both[which] }), both[which]);
    assert.deepEqual(both[which], found);
  }
  const one = g.slice();
  softmaxBackward(p, one, { out: one });
  assert.deepEqual(one, softmaxBackward(p, g));
});

test('what they must be, and out after an error', () => {
  const out = new Float32Array(2).fill(7);
  for (const [probs, gradOut, options, name, message] of [
    [[0.5, -0.5], [1, 2], {}, 'RangeError', /probs\[1\].*-0\.5/],
    [[0.5, Number.NaN], [1, 2], {}, 'RangeError', /probs\[1\].*NaN/],
    [[0.5, 0.5], [1, Number.NaN], {}, 'RangeError', /gradOut\[1\].*finite.*NaN/],
    [[0.5, 0.5], [INF, 1], {}, 'RangeError', /gradOut\[0\].*finite.*Infinity/],
    [[0.5, 0.5], [1], {}, 'RangeError', /gradOut must have 2 elements.*got 1/],
    [[0.5, 0.5], 'g', {}, 'TypeError', /gradOut.*"g"/],
    [[0.5, 0.5], [1, 2], { temperature: 0 }, 'RangeError', /temperature must not be 0/],
    [[0.5, 0.5], [1, 2], { temprature: 1 }, 'TypeError', /temprature/],
    [[], [], {}, 'LogitsError', /probs/],
  ]) {
    assert.throws(() => softmaxBackward(probs, gradOut, { ...options, out }), { name, message });
    assert.deepEqual(Array.from(out), [7, 7]);
  }
  assert.throws(() => softmaxTemperatureGrad([1, Number.NaN], [1, 2]), { name: 'LogitsError', code: 'nan' });
  assert.throws(() => softmaxTemperatureGrad([1, 2], [1, INF]), {
    name: 'RangeError',
    message: /gradOut\[1\]/,
  });
  assert.throws(() => softmaxTemperatureGrad([1, 2], [1, 2], { temperature: -0 }), { name: 'RangeError' });
});
