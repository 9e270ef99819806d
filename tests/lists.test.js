import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';

const V = 100;
const MASKED = Number.NEGATIVE_INFINITY;

const make = (options) => new Sampler(V, options).dispose();

/** Asserts that these options are refused with an error of this kind that names all of these. */
function refused(options, Kind, ...names) {
  assert.throws(
    () => make(options),
    (error) => {
      assert.equal(error.constructor, Kind, `${JSON.stringify(options)}: ${error.message}`);
      for (const name of names) assert.ok(error.message.includes(name), `${name} in: ${error.message}`);
      return true;
    },
  );
}

test('lists of tokens', () => {
  for (const name of ['suppressTokens', 'eosTokens', 'allowedTokens']) {
    refused({ [name]: [1, 100] }, RangeError, `${name}: tokens[1]`, '99', '100');
    refused({ [name]: [-1] }, RangeError, name);
    refused({ [name]: [0.5] }, RangeError, name);
    refused({ [name]: ['1'] }, TypeError, name, '"1"');
    refused({ [name]: 'abc' }, TypeError, name);
    refused({ [name]: { 1: 1 } }, TypeError, name);
    for (const good of [[1, 2], Int32Array.of(1, 2), [1n, 2n], 7]) make({ [name]: good });
  }
  refused({ allowedTokens: [] }, RangeError, 'allowedTokens', 'at least one');
  make({ allowedTokens: null });
});

test('sequences', () => {
  for (const name of ['badWords', 'drySequenceBreakers']) {
    refused({ [name]: [[1], []] }, RangeError, `${name}[1]`, 'at least one token');
    refused({ [name]: [[1], [100]] }, RangeError, `${name}[1]`, '100');
    refused({ [name]: [1, 2] }, TypeError, `${name}[0]`, '[1]');
    refused({ [name]: [[1], 'x'] }, TypeError, `${name}[1]`);
    refused({ [name]: 5 }, TypeError, name);
    refused({ [name]: null }, TypeError, name);
    // biome-ignore lint/suspicious/noSparseArray: a hole is no sequence
    refused({ [name]: [[1], , [2]] }, TypeError, `${name}[1]`);
    make({ [name]: [[1, 2], Int32Array.of(3)] });
  }
});

test('sequenceBias', () => {
  refused({ sequenceBias: [[[], 1]] }, RangeError, 'sequenceBias[0][0]', 'at least one token');
  refused({ sequenceBias: [[[1, 100], 1]] }, RangeError, 'sequenceBias[0][0]');
  refused({ sequenceBias: [[[1, 2], Number.NaN]] }, RangeError, 'sequenceBias[0][1]', 'NaN');
  refused({ sequenceBias: [[[1, 2], Number.POSITIVE_INFINITY]] }, RangeError, 'sequenceBias[0][1]');
  refused({ sequenceBias: [[[1, 2], '1']] }, TypeError, 'sequenceBias[0][1]');
  refused({ sequenceBias: [[1, 2]] }, TypeError, 'sequenceBias[0][0]');
  refused({ sequenceBias: [[[1, 2]]] }, TypeError, 'sequenceBias[0]', 'pair');
  refused({ sequenceBias: { 1: 2 } }, TypeError, 'sequenceBias');
  make({ sequenceBias: new Map([[[1, 2], -3]]) });
  make({ sequenceBias: [[[1], MASKED]] });
});

test('forcedTokens', () => {
  refused({ forcedTokens: { 0: 100 } }, RangeError, 'forcedTokens[0]', '100');
  refused({ forcedTokens: { 0: '1' } }, TypeError, 'forcedTokens[0]');
  refused({ forcedTokens: { '-1': 1 } }, RangeError, 'forcedTokens', '-1');
  refused({ forcedTokens: { first: 1 } }, TypeError, 'forcedTokens', 'first');
  refused({ forcedTokens: new Map([[0.5, 1]]) }, RangeError, 'forcedTokens', '0.5');
  refused({ forcedTokens: [[0, 1]] }, TypeError, 'forcedTokens');
  make({ forcedTokens: new Map([[3, 1]]) });
  make({ forcedTokens: null });
});

test('lengthPenalty', () => {
  const eosTokens = [2];
  refused({ eosTokens, lengthPenalty: 1.2 }, TypeError, 'lengthPenalty');
  refused({ eosTokens, lengthPenalty: { start: 5 } }, TypeError, 'lengthPenalty.factor');
  refused({ eosTokens, lengthPenalty: { start: 5, factor: -1 } }, RangeError, 'lengthPenalty.factor', '-1');
  refused({ eosTokens, lengthPenalty: { start: 0.5, factor: 1 } }, RangeError, 'lengthPenalty.start');
  refused({ eosTokens, lengthPenalty: { start: 1, factr: 1 } }, TypeError, 'factr', 'factor');
  make({ eosTokens, lengthPenalty: { start: 5, factor: 1.05 } });
});

test('what needs another option names it', () => {
  refused({ minTokens: 3 }, RangeError, 'minTokens', 'eosTokens');
  refused({ lengthPenalty: { start: 1, factor: 2 } }, RangeError, 'lengthPenalty', 'eosTokens');
  refused({ maxHistory: 4, noRepeatNgramSize: 5 }, RangeError, 'noRepeatNgramSize', 'maxHistory');
  refused({ maxHistory: 4, dryLastN: 5 }, RangeError, 'dryLastN', 'maxHistory');
  refused(
    { maxHistory: 4, dryMultiplier: 1, dryAllowedLength: 4 },
    RangeError,
    'dryAllowedLength',
    'maxHistory',
  );
  refused({ maxHistory: 2, badWords: [[1, 2, 3]] }, RangeError, 'badWords', 'maxHistory');
  refused({ maxHistory: 2, sequenceBias: [[[1, 2, 3], 1]] }, RangeError, 'sequenceBias', 'maxHistory');
  make({ maxHistory: 0, badWords: [[1]] });
  refused({ dryBase: 0.9 }, RangeError, 'dryBase');
  refused({ dryMultiplier: 1, order: ['topK'] }, RangeError, 'dryMultiplier', "'dry'");
  refused({ badWords: [[1]], order: ['topK'] }, RangeError, 'badWords', "'badWords'");
  refused({ allowedTokens: [1], order: ['topK'] }, RangeError, 'allowedTokens', "'suppress'");
});

test('contradictions name both', () => {
  const forcedTokens = { 2: 7, 3: 8 };
  refused({ forcedTokens, suppressTokens: [8] }, RangeError, 'forcedTokens[3] = 8', 'suppressTokens');
  refused({ forcedTokens, allowedTokens: [8] }, RangeError, 'forcedTokens[2] = 7', 'allowedTokens');
  refused({ forcedTokens, eosTokens: [7], minTokens: 3 }, RangeError, 'forcedTokens[2]', 'minTokens');
  make({ forcedTokens, eosTokens: [7], minTokens: 2 });
  refused({ forcedTokens, logitBias: { 7: MASKED } }, RangeError, 'forcedTokens[2]', 'logitBias');
  make({ forcedTokens, logitBias: { 7: -50 } });
  refused({ forcedTokens, badWords: [[8]] }, RangeError, 'forcedTokens[3]', 'badWords');
  refused({ forcedTokens, badWords: [[7, 8]] }, RangeError, 'forcedTokens[3]', 'badWords');
  make({ forcedTokens, badWords: [[6, 7, 8]] });
  refused({ forcedTokens, sequenceBias: [[[7, 8], MASKED]] }, RangeError, 'forcedTokens[3]', 'sequenceBias');
  refused(
    { allowedTokens: [1, 2], suppressTokens: [2, 1, 3] },
    RangeError,
    'allowedTokens',
    'suppressTokens',
  );
});

test('nothing is changed by a refusal, and settings make a twin', () => {
  const options = {
    seed: 1,
    suppressTokens: Int32Array.of(4, 5),
    allowedTokens: null,
    eosTokens: 2,
    minTokens: 3,
    forcedTokens: { 9: 1 },
    badWords: [[1, 2]],
    sequenceBias: new Map([[[1, 3], -2]]),
    lengthPenalty: { start: 4, factor: 1.1 },
    drySequenceBreakers: [[6]],
    dryMultiplier: 0.8,
    noRepeatNgramSize: 3,
  };
  const sampler = new Sampler(V, options);
  const before = sampler.options;
  assert.throws(() => sampler.configure({ badWords: [[]], suppressTokens: [] }), RangeError);
  assert.equal(sampler.options, before);
  const twin = new Sampler(V, before);
  assert.deepEqual(twin.options, before);
  assert.deepEqual(before.suppressTokens, [4, 5]);
  assert.deepEqual(before.eosTokens, [2]);
  assert.deepEqual(before.sequenceBias, [[[1, 3], -2]]);
  assert.ok(
    [before.suppressTokens, before.badWords, before.badWords[0], before.sequenceBias[0]].every(
      Object.isFrozen,
    ),
  );
  const row = Float32Array.from({ length: V }, (_, i) => (i * 7) % 13);
  for (let i = 0; i < 30; i++) assert.equal(sampler.sample(row), twin.sample(row));
  sampler.dispose();
  twin.dispose();
});

test('lists are read when they are given: later changes change nothing', () => {
  const badWords = [[1, 2]];
  const sampler = new Sampler(V, { badWords });
  badWords[0][1] = 3;
  badWords.push([4]);
  sampler.accept(1);
  const { ids } = sampler.distribution(new Float32Array(V));
  assert.equal(ids.length, V - 1);
  assert.ok(!ids.includes(2));
  sampler.dispose();
});
