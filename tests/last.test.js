import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Sampler } from '../js/index.js';
import { learning, options, row } from './helpers/arbitrary.js';
import { closeTo } from './helpers/close.js';
import { normal, peaked } from './helpers/rows.js';
import { logSoftmax } from './oracle/softmax.js';

/** -sum p ln p, from logarithms. */
const entropyOf = (logs) => -logs.reduceRight((h, l) => (l > -Infinity ? h + l * Math.exp(l) : h), 0);

test('everything, against the oracle and the law before the call', () => {
  fc.assert(
    fc.property(row, options, learning, fc.boolean(), (x, given, learns, record) => {
      const sampler = new Sampler(x.length, { ...given, ...learns, presencePenalty: 1 });
      for (let i = 0; i < 4; i++) {
        const { ids, probs } = sampler.distribution(x);
        const { position } = sampler;
        const token = sampler.sample(x, { record });
        const { last } = sampler;
        assert.equal(sampler.last, last, 'one object for one call');
        const logs = Array.from(logSoftmax(x));
        assert.equal(last.token, token);
        assert.equal(last.position, position);
        assert.equal(last.kept, ids.length);
        closeTo(last.logprob, logs[token], { rel: 1e-6, abs: 1e-6 }, 'logprob');
        assert.equal(last.surprisal, -last.logprob);
        assert.equal(
          last.rank,
          1 + x.filter((z, id) => z > x[token] || (z === x[token] && id < token)).length,
        );
        closeTo(last.entropy, entropyOf(logs), { rel: 1e-6, abs: 1e-6 }, 'entropy');
        closeTo(
          last.finalLogprob,
          Math.log(probs[ids.indexOf(token)]),
          { rel: 1e-6, abs: 1e-7 },
          'finalLogprob',
        );
        assert.equal(last.top, null);
        assert.deepEqual(sampler.logprobs({ mode: 'final' }).logprobs[0], last.finalLogprob);
      }
      sampler.dispose();
    }),
    { seed: 20261120, numRuns: 200 },
  );
});

test('it copies, prints and travels like a plain object, and cannot be written', () => {
  const sampler = new Sampler(30, { seed: 1, topK: 5 });
  const token = sampler.sample(normal(30, 1));
  const copy = { ...sampler.last };
  assert.deepEqual(Object.keys(copy), [
    'token',
    'position',
    'logprob',
    'rank',
    'entropy',
    'surprisal',
    'finalLogprob',
    'kept',
    'top',
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(sampler.last)), copy);
  assert.equal(copy.token, token);
  assert.equal(copy.kept, 5);
  assert.throws(() => {
    sampler.last.token = 3;
  }, TypeError);
  sampler.dispose();
});

test('what was read stays, what was not needs the row and the state', () => {
  const x = peaked(200, 1);
  const sampler = new Sampler(200, { seed: 2 });
  sampler.sample(x);
  const { last } = sampler;
  const { logprob, finalLogprob } = last;
  sampler.sample(normal(200, 2));
  assert.equal(last.logprob, logprob);
  assert.equal(last.finalLogprob, finalLogprob);
  assert.equal(last.position, 0);
  assert.throws(() => last.entropy, {
    name: 'TypeError',
    message: /last.entropy: the row of that call was replaced/,
  });
  const second = sampler.last;
  sampler.configure({ temperature: 0.5 });
  assert.equal(typeof second.logprob, 'number');
  assert.throws(() => second.kept, { name: 'TypeError', message: /options were changed/ });
  sampler.rewind(1);
  assert.equal(sampler.last, null);
  assert.throws(() => second.entropy, { name: 'TypeError', message: /no last call/ });
  sampler.dispose();
});

test('a greedy choice was certain', () => {
  const x = normal(100, 4);
  const sampler = new Sampler(100, { temperature: 0 });
  for (let i = 0; i < 3; i++) {
    sampler.sample(x);
    const { finalLogprob, kept, rank, logprob } = sampler.last;
    assert.deepEqual([finalLogprob, kept, rank], [0, 1, 1]);
    assert.ok(logprob < 0);
  }
  sampler.dispose();
});
