import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { AROUND, ROWS } from './helpers/stages.js';

/** Logits as the stage leaves them, relative to the first. */
function shape(row, options) {
  const { ids, probs } = lawOf(row, options);
  const logs = new Map(ids.map((id, i) => [id, Math.log(probs[i])]));
  return Array.from(row, (_, id) => logs.get(id) - logs.get(0));
}

function nearly(actual, expected) {
  actual.forEach((v, i) => {
    assert.ok(Math.abs(v - expected[i]) < 2e-6, `[${i}] ${v}, expected ${expected[i]}`);
  });
}

test('by hand: a parabola, and a cubic part with the curve', () => {
  nearly(shape([0, -1, -2], { smoothingFactor: 0.5 }), [0, -0.5, -2]);
  nearly(shape([0, -1, -2], { smoothingFactor: 0.5, smoothingCurve: 2 }), [0, -0.5, -3]);
  nearly(shape([0, -1, -2], { smoothingFactor: 0.5, temperature: 2 }), [0, -0.125, -0.5]);
});

test('a curve above 3 ranks anew', () => {
  // k = -1, s = 2: 0.5 d^2 - |d|^3 is above 0 for small d.
  assert.deepEqual(lawOf([0, -0.25, -3], { smoothingFactor: 0.5, smoothingCurve: 5 }).ids, [1, 0, 2]);
});

test('with T = Infinity nothing differs any more, whatever stage asks', () => {
  const row = [3, 1, 4, 1, 5];
  const given = { temperature: Infinity, smoothingFactor: 1 };
  agrees(row, { ...given, topNSigma: 0.5 });
  assert.deepEqual(lawOf(row, { ...given, topNSigma: 0.5 }).probs, new Array(5).fill(Math.fround(0.2)));
  assert.deepEqual(lawOf(row, { ...given, topK: 2 }).ids, [0, 1]);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const smoothingFactor of [0, 0.2, 1.5]) {
      for (const smoothingCurve of [1, 2.5, 4]) {
        for (const around of AROUND)
          agrees(row, { ...around, smoothingFactor, smoothingCurve }, undefined, tally);
      }
    }
  }
  tally.print(t);
});
