import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alloc, free, Sampler } from '../js/index.js';
import { learning, options, row } from './helpers/arbitrary.js';
import { toBfloat16, toFloat16 } from './helpers/half.js';
import { below, random, shuffle } from './helpers/random.js';
import { normal } from './helpers/rows.js';

/** The row that candidates stand for. */
function dense(n, ids, x) {
  const full = new Float32Array(n).fill(Number.NEGATIVE_INFINITY);
  ids.forEach((id, i) => {
    full[id] = x[i];
  });
  return full;
}

/** Distinct ids in any order, one for each value. */
function some(count, n, seed) {
  const ids = shuffle(
    Int32Array.from({ length: n }, (_, id) => id),
    random(seed),
  );
  return ids.slice(0, count);
}

test('the token is that of the dense row, call for call', () => {
  fc.assert(
    fc.property(row, options, learning, fc.nat(), fc.boolean(), (x, given, learns, bits, record) => {
      const n = x.length + below(random(bits), 3000);
      const ids = some(x.length, n, bits);
      const all = { ...given, ...learns, frequencyPenalty: 0.3, repetitionPenalty: 1.2 };
      const [one, two] = [new Sampler(n, all), new Sampler(n, all)];
      const full = dense(n, ids, x);
      for (let i = 0; i < 6; i++) {
        const token = one.sampleFrom(ids, x, { record });
        assert.equal(token, two.sample(full, { record }));
        assert.equal(one.position, two.position);
        assert.deepEqual({ ...one.last }, { ...two.last });
        assert.deepEqual(one.trace(), two.trace());
      }
      assert.deepEqual(one.logits, full, 'the row is the dense one');
      assert.equal(one.sample(), two.sample());
      one.dispose();
      two.dispose();
    }),
    { seed: 20261120, numRuns: 150 },
  );
});

test('ids and values of every kind', () => {
  const n = 1000;
  const ids = some(20, n, 3);
  const x = normal(20, 4, 2).map((z) => Math.round(z * 4) / 4);
  const tokens = (from) => {
    const sampler = new Sampler(n, { seed: 9, temperature: 0.9, topP: 0.9 });
    const drawn = Array.from({ length: 10 }, () => from(sampler));
    sampler.dispose();
    return drawn;
  };
  const expected = tokens((s) => s.sample(dense(n, ids, x)));
  const place = alloc(20);
  place.set(x);
  for (const list of [
    ids,
    Array.from(ids),
    Uint32Array.from(ids),
    BigInt64Array.from(ids, BigInt),
    Array.from(ids, BigInt),
  ])
    assert.deepEqual(
      tokens((s) => s.sampleFrom(list, x)),
      expected,
    );
  for (const values of [Array.from(x), Float64Array.from(x), place])
    assert.deepEqual(
      tokens((s) => s.sampleFrom(ids, values)),
      expected,
    );
  assert.deepEqual(
    tokens((s) => s.sampleFrom(ids, Uint16Array.from(x, toFloat16), { dtype: 'float16' })),
    expected,
  );
  assert.deepEqual(
    tokens((s) => s.sampleFrom(ids, Uint16Array.from(x, toBfloat16), { dtype: 'bfloat16' })),
    expected,
  );
  free(place);
});

test('logprobs give the law of the logits that they came from', () => {
  const ids = some(50, 500, 5);
  const x = normal(50, 6, 2);
  const total = Math.log(x.reduceRight((sum, z) => sum + Math.exp(z), 0));
  const logprobs = Float64Array.from(x, (z) => z - total);
  const [one, two] = [0, 1].map(
    () => new Sampler(500, { seed: 7, temperature: 0.8, topP: 0.9, presencePenalty: 0.5 }),
  );
  for (let i = 0; i < 200; i++)
    assert.equal(one.sampleFrom(ids, logprobs, { kind: 'logprobs' }), two.sampleFrom(ids, x));
  one.sampleFrom([3, 4], [0, 1e-6], { kind: 'logprobs' });
  one.sampleFrom([3, 4], [-Infinity, -90], { kind: 'logprobs' });
  assert.equal(one.last.token, 4);
  one.dispose();
  two.dispose();
});

test('with a mask, of the call or of the sampler', () => {
  const sampler = new Sampler(64, { seed: 1 });
  const mask = Uint32Array.of(1 << 7, 0);
  assert.equal(sampler.sampleFrom([5, 7, 40], [9, 1, 9], { mask }), 7);
  sampler.mask = mask;
  assert.equal(sampler.sampleFrom([5, 7, 40], [9, 1, 9]), 7);
  assert.notEqual(sampler.sampleFrom([5, 7, 40], [9, -90, 9], { mask: null }), 7);
  sampler.dispose();
});

test('errors, after which everything is as it was', () => {
  const x = normal(100, 1);
  const sampler = new Sampler(100, { seed: 2 });
  sampler.sample(x);
  const { last } = sampler;
  const row = sampler.logits.slice();
  const logprobs = { kind: 'logprobs' };
  for (const [args, name, message] of [
    [
      [
        [1, 2, 1],
        [0, 0, 0],
      ],
      'RangeError',
      /distinct, got 1 twice/,
    ],
    [
      [
        [1, 100],
        [0, 0],
      ],
      'RangeError',
      /\[0, 99\], got 100/,
    ],
    [
      [
        [1, -1],
        [0, 0],
      ],
      'RangeError',
      /got -1/,
    ],
    [
      [
        [1, 2.5],
        [0, 0],
      ],
      'RangeError',
      /got 2.5/,
    ],
    [[[1, 2], [0]], 'RangeError', /as many elements as ids, 2, got 1/],
    [[[1], [0, 1]], 'RangeError', /as many elements as ids, 1, got 2/],
    [[[1, 2], [-1, 0.01], logprobs], 'RangeError', /x\[1\] must be a logprob/],
    [[[1, 2], [-1, Infinity], logprobs], 'RangeError', /x\[1\] must be a logprob/],
    [[[1, 2], [0, 0], { kind: 'probs' }], 'RangeError', /"logits", "logprobs"/],
    [[[1, 2], [0, 0], { kind: 1 }], 'TypeError', /kind/],
    [[[1, 2], [0, 0], { record: 1 }], 'TypeError', /record/],
    [[[1, 2], [0, 0], { temperature: 1 }], 'TypeError', /unknown option/],
    [['12', [0, 0]], 'TypeError', /tokens must be/],
    [[[1, 2], '00'], 'TypeError', /x must be/],
    [
      [
        [1, 2],
        [0, '0'],
      ],
      'TypeError',
      /x\[1\] must be a number/,
    ],
    [[[1, 2], Uint16Array.of(1, 2)], 'TypeError', /dtype/],
    [[[1, 2], [0, 0], { mask: new Uint32Array(5) }], 'RangeError', /at most 4 words/],
    [[[1, 2], [0, 0], { mask: [1] }], 'TypeError', /mask/],
  ])
    assert.throws(() => sampler.sampleFrom(...args), { name, message });
  assert.throws(() => sampler.sampleFrom([], []), { name: 'LogitsError', code: 'empty' });
  assert.throws(() => sampler.sampleFrom([1, 2], [-Infinity, -Infinity]), {
    name: 'LogitsError',
    code: 'masked',
  });
  assert.throws(() => sampler.sampleFrom([9, 8, 7], [0, NaN, NaN]), {
    name: 'LogitsError',
    code: 'nan',
    index: 1,
    count: 2,
  });
  assert.equal(sampler.position, 1);
  assert.equal(sampler.last, last);
  assert.deepEqual(sampler.logits, row);
  sampler.configure({ repetitionPenalty: 1.1 });
  assert.throws(() => sampler.sampleFrom([1], [-1], logprobs), {
    name: 'RangeError',
    message: /repetitionPenalty = 1.1/,
  });
  assert.equal(sampler.sampleFrom([1], [-1]), 1);
  sampler.configure({ repetitionPenalty: 1, eosTokens: [3], lengthPenalty: { start: 0, factor: 1.1 } });
  assert.throws(() => sampler.sampleFrom([1], [-1], logprobs), {
    name: 'RangeError',
    message: /lengthPenalty/,
  });
  sampler.dispose();
  assert.throws(() => sampler.sampleFrom([1], [0]), /disposed/);
});
