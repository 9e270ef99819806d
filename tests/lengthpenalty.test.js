import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf } from './helpers/law.js';
import { normal } from './helpers/rows.js';

/** A history of so many produced tokens behind a prompt of two. */
function produced(count) {
  const history = Array.from({ length: count + 2 }, (_, i) => i % 3);
  return { history, outputs: history.map((_, i) => i >= 2) };
}

test('behind the start the end gains |x| (factor^n - 1)', () => {
  const options = { lengthPenalty: { start: 2, factor: 1.5 }, eosTokens: [1, 3] };
  const logs = (count) => {
    const { ids, probs } = lawOf([0, 2, 1, -2], options, produced(count));
    const map = new Map(ids.map((id, i) => [id, Math.log(probs[i])]));
    return [1, 3].map((id) => map.get(id) - map.get(0));
  };
  const nearly = (actual, expected) => {
    actual.forEach((v, i) => {
      assert.ok(Math.abs(v - expected[i]) < 2e-6, `[${i}] ${v}, expected ${expected[i]}`);
    });
  };
  nearly(logs(0), [2, -2]);
  nearly(logs(2), [2, -2]);
  nearly(logs(3), [3, -1]);
  nearly(logs(5), [2 + 2 * (1.5 ** 3 - 1), -2 + 2 * (1.5 ** 3 - 1)]);
});

test('against the oracle', () => {
  for (const factor of [1.01, 1.5, 0.7]) {
    for (const count of [0, 3, 4, 20]) {
      for (const rest of [{}, { topK: 20 }, { temperature: -1, topP: 0.8 }, { repetitionPenalty: 1.2 }]) {
        const options = { ...rest, lengthPenalty: { start: 3, factor }, eosTokens: [5, 100] };
        agrees(normal(300, count, 2), options, produced(count));
      }
    }
  }
});
