import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alloc, free, logSoftmax, Sampler } from '../js/index.js';
import { learning, options, row } from './helpers/arbitrary.js';
import { close } from './helpers/close.js';
import { fromBfloat16, toBfloat16, toFloat16 } from './helpers/half.js';
import { normal, peaked, tied } from './helpers/rows.js';
import { logSoftmax as exact } from './oracle/softmax.js';

const MASKED = Number.NEGATIVE_INFINITY;
const all = (n) => Array.from({ length: n }, (_, i) => i);

/** Ranks by their definition: how many stand before, and one. */
function ranksOf(x) {
  const order = all(x.length).sort((a, b) => x[b] - x[a] || a - b);
  const ranks = new Int32Array(x.length);
  order.forEach((id, i) => {
    if (x[id] > MASKED) ranks[id] = i + 1;
  });
  return { order: order.filter((id) => x[id] > MASKED), ranks };
}

/** A sampler that has drawn once from x. */
function drawn(x, given, call) {
  const sampler = new Sampler(x.length, { seed: 1, ...given });
  sampler.sample(x, call);
  return sampler;
}

test("raw: logSoftmax of the model's logits, whatever the options", () => {
  const rows = [
    normal(1, 1),
    normal(70, 2, 4),
    peaked(5000, 3),
    tied(300, 4),
    normal(400, 5, 3).map((x, i) => (i % 3 ? x : MASKED)),
  ];
  for (const x of rows) {
    const sampler = drawn(x, { temperature: 0.3, topK: 2, repetitionPenalty: 1.4, logitBias: { 0: 3 } });
    const { ids, logprobs, ranks } = sampler.logprobs({ ids: all(x.length) });
    assert.deepEqual(Array.from(ids), all(x.length));
    assert.deepEqual(logprobs, logSoftmax(x), 'to the bit');
    close(logprobs, exact(x), { rel: 1e-6, abs: 1e-6 }, `n ${x.length}`);
    const expected = ranksOf(x);
    assert.deepEqual(ranks, expected.ranks);
    const top = sampler.logprobs({ top: 7 });
    assert.deepEqual(Array.from(top.ids), expected.order.slice(0, 7));
    assert.deepEqual(
      Array.from(top.logprobs),
      expected.order.slice(0, 7).map((id) => logprobs[id]),
    );
    assert.deepEqual(
      Array.from(top.ranks),
      all(top.ids.length).map((i) => i + 1),
    );
    assert.equal(sampler.logprobs({ top: 10 ** 9 }).ids.length, expected.order.length);
    sampler.dispose();
  }
});

test('few ids are counted, many are sorted: the same ranks', () => {
  const x = tied(2000, 6, 40);
  const sampler = drawn(x, {});
  for (const mode of ['raw', 'final']) {
    const many = sampler.logprobs({ ids: all(2000), mode });
    for (const from of [0, 500, 1990]) {
      const few = sampler.logprobs({ ids: all(2000).slice(from, from + 10), mode });
      assert.deepEqual(few.ranks, many.ranks.slice(from, from + 10));
      assert.deepEqual(few.logprobs, many.logprobs.slice(from, from + 10));
    }
  }
  sampler.dispose();
});

test('final: ln of the law that the token was drawn from', () => {
  fc.assert(
    fc.property(row, options, learning, fc.boolean(), (x, given, learns, record) => {
      const sampler = new Sampler(x.length, { ...given, ...learns, frequencyPenalty: 0.5 });
      sampler.accept([0, 0], { prompt: true });
      for (let i = 0; i < 3; i++) {
        const { ids, probs } = sampler.distribution(x);
        const token = sampler.sample(x, { record });
        const { logprobs, ranks } = sampler.logprobs({ ids: all(x.length), mode: 'final' });
        const expected = new Float32Array(x.length).fill(MASKED);
        const places = new Int32Array(x.length);
        ids.forEach((id, place) => {
          expected[id] = Math.log(probs[place]);
          if (probs[place] > 0) places[id] = place + 1;
        });
        close(logprobs, expected, { rel: 1e-6, abs: 1e-7 }, JSON.stringify(given));
        assert.deepEqual(ranks, places);
        assert.ok(logprobs[token] > MASKED);
        const possible = Array.from(ids).filter((_, place) => probs[place] > 0);
        assert.deepEqual(Array.from(sampler.logprobs({ top: x.length, mode: 'final' }).ids), possible);
      }
      sampler.dispose();
    }),
    { seed: 20261120, numRuns: 200 },
  );
});

test('top and ids together, in this order; neither: the token', () => {
  const x = normal(50, 8);
  const sampler = new Sampler(50, { seed: 1 });
  const token = sampler.sample(x);
  const { order } = ranksOf(x);
  assert.deepEqual(Array.from(sampler.logprobs({ top: 2, ids: [5n, 5n] }).ids), [order[0], order[1], 5, 5]);
  assert.deepEqual(Array.from(sampler.logprobs().ids), [token]);
  assert.deepEqual(Array.from(sampler.logprobs({ mode: 'final' }).ids), [token]);
  assert.deepEqual(Array.from(sampler.logprobs({ ids: [] }).ids), []);
  assert.deepEqual(Array.from(sampler.logprobs({ top: 0 }).ids), []);
  sampler.dispose();
});

test('16-bit rows and a row from alloc', () => {
  const x = peaked(600, 9);
  const sampler = new Sampler(600, { seed: 2, topP: 0.9 });
  const brains = Uint16Array.from(x, toBfloat16);
  const wide = Float32Array.from(brains, fromBfloat16);
  sampler.sample(brains, { dtype: 'bfloat16' });
  assert.deepEqual(sampler.logprobs({ ids: all(600) }).logprobs, logSoftmax(wide));
  const halves = Uint16Array.from(x, toFloat16);
  sampler.sample(halves, { dtype: 'float16' });
  assert.deepEqual(sampler.logprobs({ ids: all(600) }).logprobs, logSoftmax(halves, { dtype: 'float16' }));
  const place = alloc(600);
  place.set(x);
  sampler.sample(place);
  assert.deepEqual(sampler.logprobs({ ids: all(600) }).logprobs, logSoftmax(x));
  free(place);
  assert.throws(() => sampler.logprobs(), { name: 'TypeError', message: /was replaced/ });
  sampler.dispose();
});

test('+Infinity shares everything: nothing else has a rank', () => {
  const x = Float32Array.of(1, Infinity, -2, Infinity);
  const sampler = drawn(x, {});
  const { ids, logprobs } = sampler.logprobs({ top: 4 });
  assert.deepEqual(Array.from(ids), [1, 3]);
  close(logprobs, [-Math.LN2, -Math.LN2], { abs: 1e-7 }, 'halves');
  assert.deepEqual(Array.from(sampler.logprobs({ ids: [0, 3, 2, 1] }).ranks), [0, 2, 0, 1]);
  sampler.dispose();
});

test('looking changes nothing, and what is gone is an error', () => {
  const x = peaked(300, 2);
  const given = {
    seed: 4,
    mirostat: 2,
    presencePenalty: 1,
    dryMultiplier: 0.8,
    penaltyLastN: 3,
    maxHistory: 6,
  };
  const [one, two] = [new Sampler(300, given), new Sampler(300, given)];
  for (let i = 0; i < 30; i++) {
    assert.equal(one.sample(x), two.sample(x));
    one.logprobs({ top: 3, mode: 'final' });
    one.logprobs({ ids: [i] });
  }
  assert.deepEqual(one.history, two.history);
  assert.deepEqual(one.distribution(x), two.distribution(x));
  assert.deepEqual(one.logprobs(), two.logprobs(), 'a distribution takes no row over');
  assert.throws(() => one.sample(x.map(() => NaN)), { name: 'LogitsError' });
  assert.deepEqual(one.logprobs(), two.logprobs(), 'neither does a call that fails');
  one.configure({ topK: 3 });
  assert.deepEqual(one.logprobs(), two.logprobs(), "the model's law does not depend on options");
  assert.throws(() => one.logprobs({ mode: 'final' }), {
    name: 'TypeError',
    message: /options were changed/,
  });
  for (const undo of [() => two.rewind(0), () => two.accept(1), () => two.reset()]) {
    undo();
    assert.throws(() => two.logprobs(), { name: 'TypeError', message: /no last call/ });
    two.sample(x);
  }
  one.dispose();
  two.dispose();
  assert.throws(() => two.logprobs(), /disposed/);
});

test('without room to go back: maxHistory 0, windows, right behind a prompt', () => {
  const x = normal(60, 3, 2);
  for (const given of [
    { maxHistory: 0, penaltyLastN: 0 },
    { maxHistory: 0 },
    { maxHistory: 1, penaltyLastN: 1 },
  ]) {
    const all = { seed: 3, ...given, repetitionPenalty: 1.5, mirostat: 1 };
    const [one, two] = [new Sampler(60, all), new Sampler(60, all)];
    one.accept([1, 2, 3], { prompt: true });
    two.accept([1, 2, 3], { prompt: true });
    for (let i = 0; i < 200; i++) {
      const { ids, probs } = one.distribution(x);
      const token = one.sample(x);
      assert.equal(two.sample(x), token);
      const [logprob] = one.logprobs({ mode: 'final' }).logprobs;
      close(
        [logprob],
        [Math.log(probs[ids.indexOf(token)])],
        { rel: 1e-6, abs: 1e-7 },
        JSON.stringify(given),
      );
    }
    one.dispose();
    two.dispose();
  }
});

test('the option: known at once, and after the row is gone; no token depends on it', () => {
  const x = peaked(400, 5);
  const y = normal(400, 6);
  const [one, two] = [
    new Sampler(400, { seed: 5, topP: 0.8, logprobs: 4 }),
    new Sampler(400, { seed: 5, topP: 0.8 }),
  ];
  for (let i = 0; i < 20; i++) {
    const token = one.sample(i % 2 ? x : y);
    assert.equal(two.sample(i % 2 ? x : y), token);
    assert.deepEqual(one.last.top, two.logprobs({ top: 4 }));
    const { last } = one;
    const [logprob] = two.logprobs().logprobs;
    assert.equal(two.last.top, null);
    one.sample(y, { record: false });
    assert.equal(last.logprob, logprob);
    assert.equal(last.surprisal, -logprob);
    assert.equal(last.rank, two.last.rank);
  }
  const halves = Uint16Array.from(x, toFloat16);
  one.sample(halves, { dtype: 'float16' });
  assert.deepEqual(one.last.top, one.logprobs({ top: 4 }));
  one.configure({ logprobs: 1000 });
  one.sample(y);
  assert.equal(one.last.top.ids.length, 400);
  one.configure({ logprobs: 0 });
  one.sample(y);
  assert.equal(one.last.top, null);
  assert.throws(() => one.configure({ logprobs: -1 }), RangeError);
  assert.throws(() => one.configure({ logprobs: 1.5 }), RangeError);
  assert.throws(() => one.configure({ logprobs: true }), TypeError);
  one.dispose();
  two.dispose();
});

test('errors of arguments', () => {
  const sampler = drawn(normal(20, 1), {});
  for (const [given, name, message] of [
    [{ top: -1 }, 'RangeError', /top must be an integer >= 0/],
    [{ top: '3' }, 'TypeError', /top/],
    [{ ids: [20] }, 'RangeError', /\[0, 19\]/],
    [{ ids: 'all' }, 'TypeError', /ids/],
    [{ mode: 'processed' }, 'RangeError', /"raw", "final"/],
    [{ mode: 1 }, 'TypeError', /mode/],
    [{ topn: 1 }, 'TypeError', /did you mean top/],
    [3, 'TypeError', /options/],
  ])
    assert.throws(() => sampler.logprobs(given), { name, message });
  const fresh = new Sampler(20);
  assert.throws(() => fresh.logprobs(), { name: 'TypeError', message: /no last call/ });
  fresh.dispose();
  sampler.dispose();
});
