import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { below, random } from './helpers/random.js';
import { story } from './helpers/story.js';
import { draft } from './oracle/draft.js';

/** What a sampler drafts after a prompt. */
function drafted(tokens, options) {
  const sampler = new Sampler(100, { seed: 1 });
  sampler.accept(tokens, { prompt: true });
  const found = sampler.draft(options);
  sampler.dispose();
  assert.ok(found instanceof Int32Array);
  return Array.from(found);
}

test('what followed the latest occurrence of the last tokens', () => {
  assert.deepEqual(drafted([1, 2, 3, 4, 1, 2]), [3, 4, 1, 2]);
  assert.deepEqual(drafted([1, 2, 3, 4, 1, 2], { max: 2 }), [3, 4]);
  assert.deepEqual(drafted([1, 2, 3, 5, 1, 2, 4, 6, 1, 2], { max: 2 }), [4, 6], 'the latest');
  assert.deepEqual(drafted([9, 1, 2, 3, 5, 1, 2, 4, 9, 1, 2], { max: 2 }), [3, 5], 'the longest');
  assert.deepEqual(drafted([9, 1, 2, 3, 5, 1, 2, 4, 9, 1, 2], { max: 2, ngram: 2 }), [4, 9]);
  assert.deepEqual(drafted([7, 7, 7, 7]), [7], 'it may overlap the end, and stops there');
});

test('nothing where nothing came before', () => {
  assert.deepEqual(drafted([]), []);
  assert.deepEqual(drafted([1]), []);
  assert.deepEqual(drafted([1, 2, 3]), []);
  assert.deepEqual(drafted([1, 2, 3, 2], { min: 2, ngram: 2 }), [], 'one token is too short');
  assert.deepEqual(drafted([1, 2, 3, 2]), [3, 2]);
});

test('against the oracle', () => {
  const next = random(5);
  let found = 0;
  for (let i = 0; i < 500; i++) {
    const { history } = story(below(next, 60), 2 + below(next, 6), i);
    const ngram = 1 + below(next, 5);
    const options = { max: 1 + below(next, 10), ngram, min: 1 + below(next, ngram) };
    const expected = draft(history, options);
    assert.deepEqual(drafted(history, options), expected, JSON.stringify({ history, options }));
    if (expected.length > 0) found++;
  }
  assert.ok(found > 200);
});

test('it looks at what is remembered, through output, rewind and reset', () => {
  const sampler = new Sampler(10, { maxHistory: 4, seed: 1 });
  sampler.accept([1, 2, 3, 1, 2]);
  assert.deepEqual(Array.from(sampler.draft()), [3, 1, 2], 'the first 1 is forgotten, the first 2 is not');
  sampler.rewind(1);
  assert.deepEqual(Array.from(sampler.draft()), [2, 3, 1]);
  sampler.reset();
  assert.equal(sampler.draft().length, 0);
  assert.equal(sampler.position, 0);
  sampler.dispose();
  assert.throws(() => sampler.draft(), /dispose/);
});

test('bad arguments', () => {
  for (const options of [
    { max: 0 },
    { ngram: 0 },
    { min: 0 },
    { min: 4 },
    { ngram: 2, min: 3 },
    { max: 1.5 },
  ])
    assert.throws(() => drafted([1], options), RangeError);
  for (const options of [null, 3, { max: '3' }, { n: 3 }])
    assert.throws(() => drafted([1], options), TypeError);
});
