import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { normal, peaked } from './helpers/rows.js';
import { AROUND, ROWS } from './helpers/stages.js';

/** ln of the odds of the first token, which temperature divides. */
function odds(row, options) {
  const { probs } = lawOf(row, options);
  return Math.log(probs[0] / probs[1]);
}

test('the temperature goes from T - range to T + range with the entropy', () => {
  // Of two tokens of equal weight the entropy is the largest there is.
  const even = [0, -(2 ** -10)];
  assert.ok(Math.abs(odds(even, { dynatempRange: 0.5 }) - 2 ** -10 / 1.5) < 1e-6);
  const sure = [0, -30];
  assert.ok(Math.abs(odds(sure, { dynatempRange: 0.5 }) - 60) < 1e-3);
  const row = Float32Array.from([0.9, 0.1], Math.log);
  const entropy = -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1)) / Math.LN2;
  for (const dynatempExponent of [0.5, 1, 2]) {
    const t = 0.5 + entropy ** dynatempExponent;
    const found = odds(row, { dynatempRange: 0.5, dynatempExponent });
    assert.ok(Math.abs(found - Math.log(9) / t) < 1e-5, `${found}, expected ${Math.log(9) / t}`);
  }
});

test('one survivor, T = 0 and infinite T are what they are', () => {
  assert.deepEqual(lawOf([3], { dynatempRange: 5 }), { ids: [0], probs: [1] });
  assert.deepEqual(lawOf([3, 4], { temperature: 0, dynatempRange: 5 }), { ids: [1], probs: [1] });
  const infinite = lawOf([3, 4], { temperature: Number.POSITIVE_INFINITY, dynatempRange: 5 });
  assert.deepEqual(infinite.probs, [0.5, 0.5]);
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const dynatempRange of [0, 0.3, 2]) {
      for (const dynatempExponent of [1, 0.6]) {
        for (const around of AROUND)
          agrees(row, { ...around, dynatempRange, dynatempExponent }, undefined, tally);
      }
    }
  }
  tally.print(t);
});

test("llama.cpp's rule: it looks at what the stages before have left, in float32", (t) => {
  const tally = new Tally();
  const order = 'llama.cpp';
  for (const row of [peaked(1000, 1), normal(700, 2), normal(5, 3)]) {
    for (const around of [{}, { topK: 40 }, { topP: 0.9 }, { minP: 0.02 }, { typicalP: 0.7, topK: 60 }]) {
      for (const temperature of [0.2, 0.9, 1.4])
        agrees(row, { ...around, temperature, dynatempRange: 0.4, order }, undefined, tally);
    }
  }
  tally.print(t);
});
