import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { normal, peaked } from './helpers/rows.js';
import { chain } from './oracle/chain.js';

const row = peaked(1000, 1);

/** Draws `count` tokens. */
function run(sampler, count, x = row) {
  return Array.from({ length: count }, () => sampler.sample(x));
}

test('a new sampler', () => {
  const sampler = new Sampler(1000, { temperature: 0.8, topK: 40, seed: 42 });
  assert.equal(sampler.vocabSize, 1000);
  assert.equal(sampler.position, 0);
  assert.equal(sampler.stream, 0);
  assert.equal(BigInt(sampler.seed), 42n);
  assert.equal(sampler.history.length, 0);
  assert.equal(sampler.last, null);
  assert.equal(sampler.options.temperature, 0.8);
  assert.equal(sampler.options.topK, 40);
  assert.equal(sampler.options.topP, 1);
  assert.equal(sampler.logits.length, 1000);
  sampler.dispose();
});

test('sample records the token and moves on', () => {
  const sampler = new Sampler(1000, { seed: 1 });
  const tokens = run(sampler, 10);
  assert.ok(tokens.every((t) => Number.isInteger(t) && t >= 0 && t < 1000));
  assert.equal(sampler.position, 10);
  assert.deepEqual(Array.from(sampler.history), tokens);
  const again = sampler.sample(row, { record: false });
  assert.equal(sampler.position, 10);
  assert.equal(sampler.history.length, 10);
  assert.equal(sampler.sample(row), again, 'the same position gives the same token');
  sampler.dispose();
});

test('a seed repeats, another one differs', () => {
  const draw = (seed) => {
    const sampler = new Sampler(1000, { seed });
    const tokens = run(sampler, 40);
    sampler.dispose();
    return tokens;
  };
  assert.deepEqual(draw(7), draw(7));
  assert.deepEqual(draw(7), draw(7n));
  assert.notDeepEqual(draw(7), draw(8));
  assert.notDeepEqual(draw(7), draw(7n + (1n << 32n)), 'the high word of a seed counts');
});

test('without a seed there is one from crypto, readable and good for a replay', () => {
  const one = new Sampler(1000);
  const two = new Sampler(1000);
  assert.notEqual(BigInt(one.seed), BigInt(two.seed));
  const tokens = run(one, 20);
  const replay = new Sampler(1000, { seed: one.seed });
  assert.deepEqual(run(replay, 20), tokens);
  for (const sampler of [one, two, replay]) sampler.dispose();
});

test('accept takes every kind of list of tokens', () => {
  const kinds = [[1, 2, 3], Int32Array.of(1, 2, 3), [1n, 2n, 3n], BigInt64Array.of(1n, 2n, 3n)];
  for (const tokens of kinds) {
    const sampler = new Sampler(10);
    sampler.accept(tokens);
    assert.deepEqual(Array.from(sampler.history), [1, 2, 3]);
    assert.equal(sampler.position, 3);
    sampler.accept(4);
    assert.deepEqual(Array.from(sampler.history), [1, 2, 3, 4]);
    sampler.accept([]);
    assert.equal(sampler.position, 4);
    sampler.dispose();
  }
});

test('prompt tokens are history but not output', () => {
  const sampler = new Sampler(1000, { seed: 3 });
  sampler.accept([5, 6, 7], { prompt: true });
  assert.equal(sampler.position, 0);
  assert.deepEqual(Array.from(sampler.history), [5, 6, 7]);
  const plain = new Sampler(1000, { seed: 3 });
  assert.deepEqual(run(sampler, 10), run(plain, 10), 'without penalties a prompt changes no draw');
  sampler.dispose();
  plain.dispose();
});

test('an accepted token takes a position: the draws behind it are those of a sampled one', () => {
  const one = new Sampler(1000, { seed: 4 });
  const two = new Sampler(1000, { seed: 4 });
  const tokens = run(one, 10);
  two.accept(tokens.slice(0, 6));
  assert.deepEqual(run(two, 4), tokens.slice(6));
  one.dispose();
  two.dispose();
});

test('rewind undoes tokens, their counts and the position', () => {
  const options = { seed: 5, repetitionPenalty: 1.3, frequencyPenalty: 0.5, penaltyLastN: 8 };
  const sampler = new Sampler(1000, options);
  sampler.accept([3, 3, 9], { prompt: true });
  const tokens = run(sampler, 30);
  const law = sampler.distribution(row);
  const more = run(sampler, 12);
  sampler.rewind(12);
  assert.equal(sampler.position, 30);
  assert.equal(sampler.last, null);
  assert.deepEqual(Array.from(sampler.history), [3, 3, 9, ...tokens]);
  assert.deepEqual(sampler.distribution(row), law);
  assert.deepEqual(run(sampler, 12), more, 'replay');
  sampler.rewind(42);
  assert.equal(sampler.position, 0);
  assert.deepEqual(Array.from(sampler.history), [3, 3, 9]);
  assert.deepEqual(run(sampler, 30), tokens);
  sampler.dispose();
});

test('reset forgets the history and starts at position 0', () => {
  const sampler = new Sampler(1000, { seed: 6, presencePenalty: 2 });
  const tokens = run(sampler, 20);
  sampler.reset();
  assert.equal(sampler.position, 0);
  assert.equal(sampler.history.length, 0);
  assert.equal(sampler.last, null);
  assert.deepEqual(run(sampler, 20), tokens);
  sampler.dispose();
});

test('after reset, or a rewind to the start, the draws are those of a new sampler, whatever the order', () => {
  for (const order of [
    'logitkit',
    'llama.cpp',
    ['topP', 'penalties', 'draw'],
    ['penalties', 'topP', 'draw'],
  ]) {
    for (let seed = 0; seed < 20; seed++) {
      const sampler = new Sampler(1000, { seed, topP: 0.5, presencePenalty: 1, order });
      const first = sampler.sample(row, { record: false });
      run(sampler, 5);
      sampler.rewind(5);
      assert.equal(sampler.sample(row), first, `rewind, ${order}`);
      sampler.reset();
      assert.equal(sampler.sample(row), first, `reset, ${order}`);
      sampler.dispose();
    }
  }
});

test('configure changes what is named and keeps the rest, position and history', () => {
  const sampler = new Sampler(1000, { seed: 7, temperature: 0.5, topK: 3, presencePenalty: 1 });
  const tokens = run(sampler, 5);
  sampler.configure({ temperature: 0.9 });
  assert.equal(sampler.options.temperature, 0.9);
  assert.equal(sampler.options.topK, 3);
  assert.equal(BigInt(sampler.seed), 7n);
  assert.equal(sampler.position, 5);
  assert.deepEqual(Array.from(sampler.history), tokens);
  const { survivors } = chain(row, { temperature: 0.9, topK: 3, presencePenalty: 1 }, { history: tokens });
  assert.deepEqual(
    Array.from(sampler.distribution(row).ids),
    survivors.map(({ id }) => id),
  );
  sampler.configure({ penaltyLastN: 2 });
  const windowed = chain(
    row,
    { temperature: 0.9, topK: 3, presencePenalty: 1, penaltyLastN: 2 },
    { history: tokens },
  );
  assert.deepEqual(
    Array.from(sampler.distribution(row).ids),
    windowed.survivors.map(({ id }) => id),
    'a window set later counts the history that is there',
  );
  sampler.configure({ seed: 8 });
  assert.equal(BigInt(sampler.seed), 8n);
  sampler.dispose();
});

test('distribution is the law, and changes nothing', () => {
  const sampler = new Sampler(1000, { seed: 9, topK: 20, temperature: 0.7 });
  const before = sampler.sample(row, { record: false });
  const { ids, probs } = sampler.distribution(row);
  assert.equal(ids.length, 20);
  assert.ok(probs instanceof Float32Array);
  assert.ok(probs.every((p, i) => i === 0 || p <= probs[i - 1]));
  const top = sampler.distribution(row, { top: 5 });
  assert.deepEqual(Array.from(top.ids), Array.from(ids.slice(0, 5)));
  assert.deepEqual(Array.from(top.probs), Array.from(probs.slice(0, 5)), 'relative to all survivors');
  assert.equal(sampler.position, 0);
  assert.equal(sampler.sample(row), before);
  sampler.dispose();
});

test('distribution without a row reads sampler.logits', () => {
  const sampler = new Sampler(1000, { topK: 5 });
  sampler.logits.set(row);
  assert.deepEqual(sampler.distribution(), sampler.distribution(row));
  sampler.dispose();
});

test('last is the last call: the token and the position it was drawn for', () => {
  const sampler = new Sampler(1000, { seed: 10, topK: 30, temperature: 0.6, presencePenalty: 1.5 });
  for (let i = 0; i < 20; i++) {
    const token = sampler.sample(row);
    assert.equal(sampler.last.token, token);
    assert.equal(sampler.last.position, i);
  }
  const token = sampler.sample(row, { record: false });
  assert.equal(sampler.last.token, token);
  assert.equal(sampler.last.position, 20);
  sampler.distribution(row);
  assert.equal(sampler.last.position, 20);
  sampler.accept(1);
  assert.equal(sampler.last, null);
  sampler.sample(row);
  sampler.rewind(0);
  assert.equal(sampler.last, null);
  sampler.dispose();
});

test('the row is never changed', () => {
  const x = normal(500, 2);
  const before = x.slice();
  const options = {
    logitBias: { 1: 3, 2: Number.NEGATIVE_INFINITY },
    repetitionPenalty: 1.4,
    temperature: -0.7,
    topK: 20,
  };
  const sampler = new Sampler(500, { ...options, seed: 1 });
  sampler.mask = new Int32Array(16).fill(-3);
  sampler.logits.set(x);
  for (let i = 0; i < 20; i++) {
    sampler.sample(x);
    sampler.sample();
    sampler.distribution();
    assert.deepEqual(x, before);
    if (i === 0) sampler.logits.set(x);
  }
  sampler.logits.set(x);
  sampler.sample();
  sampler.distribution();
  assert.deepEqual(sampler.logits, before);
  sampler.dispose();
});

test('samplers are independent of each other', () => {
  const options = { seed: 12, repetitionPenalty: 1.2, topP: 0.9 };
  const alone = new Sampler(1000, options);
  const expected = run(alone, 20);
  alone.dispose();
  const one = new Sampler(1000, options);
  const two = new Sampler(300, { seed: 13, topK: 9, frequencyPenalty: 1 });
  const found = [];
  for (let i = 0; i < 20; i++) {
    found.push(one.sample(row));
    two.sample(normal(300, i));
  }
  assert.deepEqual(found, expected);
  one.dispose();
  two.dispose();
});

test('dispose frees, twice is once, and use afterwards is an error', () => {
  const sampler = new Sampler(1000, { seed: 1 });
  sampler.dispose();
  sampler.dispose();
  for (const use of [
    () => sampler.sample(row),
    () => sampler.distribution(row),
    () => sampler.logits,
    () => sampler.accept(1),
    () => sampler.configure({ topK: 1 }),
  ]) {
    assert.throws(use, /dispose/i);
  }
  const other = new Sampler(1000);
  other[Symbol.dispose ?? Symbol.for('Symbol.dispose')]?.();
  other.dispose();
});

test('memory is used again: many samplers in turn do not let it grow', () => {
  const probe = new Sampler(50000);
  const { buffer } = probe.logits;
  probe.dispose();
  for (let i = 0; i < 500; i++) new Sampler(50000, { topK: 40, frequencyPenalty: 1 }).dispose();
  const after = new Sampler(50000);
  assert.ok(after.logits.buffer.byteLength <= buffer.byteLength || buffer.byteLength === 0);
  assert.ok(after.logits.buffer.byteLength < 64 * 2 ** 20);
  after.dispose();
});
