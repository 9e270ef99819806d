import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf } from './helpers/law.js';
import { normal } from './helpers/rows.js';

test('suppressed tokens are banned, and of allowed ones nothing else is left', () => {
  const row = [5, 4, 3, 2, 1];
  assert.deepEqual(lawOf(row, { suppressTokens: [0, 3] }).ids, [1, 2, 4]);
  assert.deepEqual(lawOf(row, { allowedTokens: [4, 1, 3] }).ids, [1, 3, 4]);
  assert.deepEqual(lawOf(row, { allowedTokens: [4, 1, 3], suppressTokens: [1, 2] }).ids, [3, 4]);
});

test('what leaves nothing is an error that says so', () => {
  const masked = { name: 'LogitsError', code: 'masked' };
  assert.throws(() => lawOf([1, 2], { suppressTokens: [0, 1] }), masked);
  assert.throws(() => lawOf([1, Number.NEGATIVE_INFINITY], { allowedTokens: [1] }), masked);
});

test('against the oracle, behind a mask and before other stages', () => {
  const row = normal(700, 1, 2);
  const some = Array.from({ length: 150 }, (_, i) => i * 4 + 1);
  const mask = Int32Array.from({ length: 22 }, (_, i) => 0x3fffffff - i * 77777);
  for (const rest of [{}, { topK: 20 }, { temperature: -1 }, { topP: 0.7 }, { temperature: 0 }]) {
    for (const one of [{ suppressTokens: some }, { allowedTokens: some }]) {
      agrees(row, { ...rest, ...one });
      agrees(row, { ...rest, ...one }, { mask });
    }
  }
});
