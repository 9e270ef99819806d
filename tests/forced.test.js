import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { lawOf } from './helpers/law.js';
import { peaked } from './helpers/rows.js';

test('at its position the forced token is the only one', () => {
  const row = peaked(300, 1);
  for (const forcedTokens of [
    { 0: 7, 2: 299 },
    new Map([
      [0, 7],
      [2, 299],
    ]),
  ]) {
    const sampler = new Sampler(300, { forcedTokens, temperature: 0 });
    assert.deepEqual(Array.from(sampler.distribution(row).ids), [7]);
    const best = lawOf(row, { temperature: 0 }).ids[0];
    const tokens = () => Array.from({ length: 4 }, () => sampler.sample(row));
    assert.deepEqual(tokens(), [7, best, 299, best]);
    sampler.rewind(2);
    assert.equal(sampler.sample(row), 299);
    sampler.reset();
    assert.deepEqual(tokens(), [7, best, 299, best]);
    sampler.dispose();
  }
});

test('positions count what was produced, not the prompt', () => {
  const row = [3, 2, 1];
  const options = { forcedTokens: { 1: 2 } };
  const history = [0, 0, 1];
  assert.deepEqual(lawOf(row, options, { history, outputs: [false, false, true] }).ids, [2]);
  assert.equal(lawOf(row, options, { history, outputs: [false, false, false] }).ids.length, 3);
});

test('a forced token that the row bans leaves nothing', () => {
  const masked = { name: 'LogitsError', code: 'masked' };
  assert.throws(() => lawOf([1, Number.NEGATIVE_INFINITY], { forcedTokens: { 0: 1 } }), masked);
});
