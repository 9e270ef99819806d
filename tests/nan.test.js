// NaN, infinities and subnormals in every place of a block: pass 1 looks at four blocks side by side, so each of their
// 256 places and the padding behind the last logit is a case of its own.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LogitsError, Sampler, softmax } from '../js/index.js';

const N = 64 * 9 - 5;
const OPTIONS = [
  { temperature: 0 },
  { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 1 },
  { seed: 2 },
  { topP: 0.9, seed: 3 },
  { repetitionPenalty: 1.2, logitBias: { 3: 1 }, seed: 4 },
];
// Quiet, signalling with the lowest payload, full payload; both signs.
const NANS = [0x7fc00000, 0xffc00000, 0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff];
const HALF_NANS = {
  float16: [0x7e00, 0xfe00, 0x7c01, 0xfc01, 0xffff],
  bfloat16: [0x7fc0, 0xff81, 0x7f81, 0xffff],
};

/** A row that is all negative in one third, all positive in another, masked in parts. */
function plainRow() {
  return Float32Array.from({ length: N }, (_, i) => {
    if (i % 11 === 4) return Number.NEGATIVE_INFINITY;
    return Math.sin(i) * 3 + (i < N / 3 ? -9 : 4);
  });
}

test('NaN of any payload in any place is found, and named', () => {
  for (const options of OPTIONS) {
    const sampler = new Sampler(N, options);
    sampler.accept([5, 6, 5]);
    const { logits } = sampler;
    logits.set(plainRow());
    const words = new Uint32Array(logits.buffer, logits.byteOffset, N);
    for (let i = 0; i < N; i++) {
      const before = words[i];
      words[i] = NANS[i % NANS.length];
      const now = words.slice();
      assert.throws(
        () => sampler.sample(),
        (error) =>
          error instanceof LogitsError && error.code === 'nan' && error.index === i && error.count === 1,
        `${JSON.stringify(options)} at ${i}`,
      );
      assert.deepEqual(words, now);
      words[i] = before;
    }
    assert.equal(sampler.position, 3);
    sampler.dispose();
  }
});

test('NaN under a mask, and beside infinities of both signs', () => {
  const sampler = new Sampler(N, { seed: 1 });
  const mask = new Uint32Array(Math.ceil(N / 32)).fill(0x55555555);
  const { logits } = sampler;
  for (let i = 0; i < N; i += 7) {
    logits.set(plainRow());
    logits[(i + 1) % N] = Number.POSITIVE_INFINITY;
    logits[(i + 2) % N] = Number.NEGATIVE_INFINITY;
    assert.ok(sampler.sample(undefined, { mask }) < N);
    logits[i] = Number.NaN;
    assert.throws(() => sampler.sample(undefined, { mask }), { name: 'LogitsError', code: 'nan', index: i });
    assert.throws(() => sampler.sample(), { name: 'LogitsError', code: 'nan', index: i });
    assert.throws(() => softmax(logits.slice()), { name: 'LogitsError', code: 'nan', index: i });
  }
  sampler.dispose();
});

test('NaN under whatever bans or changes a token', () => {
  const ngram = [5, 6, 5];
  const others = Array.from({ length: N - 1 }, (_, i) => (i < 6 ? i : i + 1));
  for (const options of [
    { suppressTokens: [6] },
    { allowedTokens: others },
    { badWords: [[5, 6]] },
    { noRepeatNgramSize: 2 },
    { eosTokens: [6], minTokens: 9 },
    { forcedTokens: { 3: 7 } },
    { logitBias: { 6: Number.NEGATIVE_INFINITY } },
    { sequenceBias: [[[5, 6], Number.NEGATIVE_INFINITY]] },
    { eosTokens: [6], lengthPenalty: { start: 1, factor: 1.2 } },
    { dryMultiplier: 1, dryAllowedLength: 1 },
    { repetitionPenalty: 2 },
  ]) {
    const sampler = new Sampler(N, { ...options, seed: 1 });
    sampler.accept(ngram);
    const row = plainRow();
    const names = Object.keys(options).join();
    assert.ok(sampler.fork().sample(row) < N, names);
    row[6] = Number.NaN;
    const found = { name: 'LogitsError', code: 'nan', index: 6, count: 1 };
    assert.throws(() => sampler.sample(row), found, names);
    assert.throws(() => sampler.distribution(row), found, names);
    assert.throws(() => sampler.trace(row), found, names);
    assert.equal(sampler.position, 3);
    sampler.dispose();
  }
});

test('NaN in 16-bit rows', () => {
  for (const [dtype, payloads] of Object.entries(HALF_NANS)) {
    const sampler = new Sampler(N, { topK: 5, seed: 1 });
    for (let i = 0; i < N; i++) {
      const row = new Uint16Array(N).fill(dtype === 'float16' ? 0xbc00 : 0xbf80);
      row[i] = payloads[i % payloads.length];
      assert.throws(
        () => sampler.sample(row, { dtype }),
        { code: 'nan', index: i, count: 1 },
        `${dtype} ${i}`,
      );
    }
    sampler.dispose();
  }
});

test('+Infinity, masks and subnormals in any place', () => {
  const sampler = new Sampler(N, { seed: 9 });
  const tiny = 2 ** -149;
  for (let i = 0; i < N; i++) {
    const row = plainRow();
    row[i] = Number.POSITIVE_INFINITY;
    assert.equal(sampler.sample(row), i);
    row.fill(Number.NEGATIVE_INFINITY);
    row[i] = -tiny;
    assert.equal(sampler.sample(row), i);
    row.fill(-tiny);
    row[i] = tiny;
    assert.equal(sampler.distribution(row, { top: 1 }).ids[0], i, 'subnormals are ordered');
    row.fill(Number.NEGATIVE_INFINITY);
    assert.throws(() => sampler.sample(row), { code: 'masked' });
  }
  sampler.dispose();
});
