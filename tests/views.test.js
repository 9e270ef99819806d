import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alloc, argmax, free, Sampler, softmax } from '../js/index.js';
import { normal } from './helpers/rows.js';

/** Makes memory grow: samplers of a vocabulary that no free room holds, until the buffer is another. */
function grow(view) {
  const large = [];
  for (let i = 0; i < 64 && view.length > 0; i++) large.push(new Sampler(2 ** 20));
  for (const sampler of large) sampler.dispose();
  assert.equal(view.length, 0, 'memory grew and detached the view');
}

test('a view that growth detached: sample() throws instead of reading something else', () => {
  const row = normal(100, 1);
  const sampler = new Sampler(100, { seed: 1 });
  const view = sampler.logits;
  view.set(row);
  grow(view);
  assert.throws(() => sampler.sample(), /logits/);
  assert.throws(() => sampler.distribution(), /logits/);
  assert.equal(sampler.position, 0);
  assert.equal(sampler.history.length, 0);
  const fresh = sampler.logits;
  assert.notEqual(fresh, view);
  assert.deepEqual(fresh, row, 'what was written before is still there');
  const other = new Sampler(100, { seed: 1 });
  assert.equal(sampler.sample(), other.sample(row));
  sampler.dispose();
  other.dispose();
});

test('a row handed over is read whatever happened to the view', () => {
  const row = normal(100, 2);
  const sampler = new Sampler(100, { seed: 2 });
  grow(sampler.logits);
  const other = new Sampler(100, { seed: 2 });
  assert.equal(sampler.sample(row), other.sample(row));
  sampler.dispose();
  other.dispose();
});

test('views read anew after growth follow every sampler', () => {
  const samplers = [10, 100, 1000].map((n, i) => new Sampler(n, { seed: i }));
  const rows = samplers.map((s, i) => normal(s.vocabSize, i));
  samplers.forEach((s, i) => {
    s.logits.set(rows[i]);
  });
  grow(samplers[0].logits);
  samplers.forEach((s, i) => {
    assert.deepEqual(s.logits, rows[i]);
    const other = new Sampler(s.vocabSize, { seed: i });
    assert.equal(s.sample(), other.sample(rows[i]));
    other.dispose();
  });
  for (const s of samplers) s.dispose();
});

test('logits is one live view as long as memory stays', () => {
  const sampler = new Sampler(10, { temperature: 0 });
  const view = sampler.logits;
  assert.equal(sampler.logits, view);
  for (let best = 0; best < 10; best++) {
    view.fill(0);
    view[best] = 1;
    assert.equal(sampler.sample(), best);
  }
  sampler.dispose();
});

test('a detached row is an error', () => {
  const row = normal(10, 3);
  structuredClone(row.buffer, { transfer: [row.buffer] });
  const sampler = new Sampler(10);
  assert.throws(() => sampler.sample(row), { name: 'TypeError', message: /detach/i });
  sampler.dispose();
});

test('an array from alloc is a row like any other, in place', () => {
  for (const n of [1, 100, 256, 257, 5000]) {
    const row = normal(n, n);
    const held = alloc(n);
    assert.equal(held.length, n);
    assert.ok(held.every((v) => v === 0));
    held.set(row);
    assert.deepEqual(softmax(held), softmax(row));
    assert.deepEqual(held, row, 'a row in place is not changed');
    assert.equal(argmax(held), argmax(row));
    const one = new Sampler(n, { seed: n, logitBias: { 0: 1 } });
    const two = new Sampler(n, { seed: n, logitBias: { 0: 1 } });
    const again = held.length === n ? held : alloc(n);
    again.set(row);
    for (let i = 0; i < 5; i++) assert.equal(one.sample(again), two.sample(row));
    assert.deepEqual(again, row, 'overlays are undone');
    assert.equal(softmax(again, { out: again }), again);
    assert.deepEqual(again, softmax(row));
    free(again);
    if (again !== held) free(held);
    one.dispose();
    two.dispose();
  }
});

test('a part of an alloc array has neighbours, and they stay', () => {
  const held = alloc(600).fill(5);
  const part = held.subarray(100, 300);
  softmax(part, { out: part });
  assert.ok(part.every((v) => Math.abs(v - 1 / 200) < 1e-8));
  assert.ok(held.every((v, i) => (i >= 100 && i < 300) || v === 5));
  const sampler = new Sampler(200, { seed: 1 });
  sampler.sample(held.subarray(300, 500));
  assert.ok(held.every((v, i) => (i >= 100 && i < 300) || v === 5));
  free(held);
  sampler.dispose();
});

test('free: once, and only what alloc gave', () => {
  const held = alloc(10);
  free(held);
  assert.throws(() => free(held), TypeError);
  assert.throws(() => free(new Float32Array(10)), TypeError);
  const sampler = new Sampler(10);
  assert.throws(() => free(sampler.logits), TypeError);
  sampler.dispose();
});

test("another sampler's logits, or one's own, may be the row", () => {
  const row = normal(100, 4);
  const one = new Sampler(100, { seed: 1 });
  const two = new Sampler(100, { seed: 1 });
  const plain = new Sampler(100, { seed: 1 });
  one.logits.set(row);
  for (let i = 0; i < 10; i++) {
    const token = plain.sample(row);
    assert.equal(one.sample(one.logits), token);
    assert.equal(two.sample(one.logits), token);
  }
  assert.deepEqual(one.logits, row);
  for (const sampler of [one, two, plain]) sampler.dispose();
});

test('a long sequence whose counts and history grow: logits, read anew each step, stays right', () => {
  const n = 20000;
  const options = { seed: 9, temperature: 5, frequencyPenalty: 0.01, penaltyLastN: 3000 };
  const one = new Sampler(n, options);
  const two = new Sampler(n, options);
  const row = normal(n, 5);
  for (let i = 0; i < 6000; i++) {
    one.logits.set(row);
    const token = one.sample();
    if (i % 10 === 0 || i > 5900) assert.equal(two.sample(row), token);
    else two.accept(token);
  }
  one.rewind(2500);
  two.rewind(2500);
  assert.equal(one.sample(row), two.sample(row));
  one.dispose();
  two.dispose();
});
