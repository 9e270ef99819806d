import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { alloc, free, LogitsError, Sampler } from '../js/index.js';
import { fromFloat16, toFloat16 } from './helpers/half.js';
import { grown, lead, portrait, REMEMBERING, ROWS, VOCABULARY } from './helpers/life.js';
import { normal } from './helpers/rows.js';

/** Rows one after the other. @param {readonly Float32Array[]} rows */
function matrix(rows) {
  const all = new Float32Array(rows.length * rows[0].length);
  rows.forEach((row, i) => {
    all.set(row, i * row.length);
  });
  return all;
}

/** Samplers with every kind of past, and equal ones. */
function pairs() {
  const samplers = Object.values(REMEMBERING).map((options, seed) => grown(Sampler, options, seed));
  return { samplers, twins: samplers.map((sampler) => Sampler.load(sampler.save())) };
}

/** @param {readonly (readonly Sampler[])[]} lists */
const dispose = (...lists) => {
  for (const sampler of lists.flat()) sampler.dispose();
};

test('a batch gives what the samplers give one by one, and leaves them so', () => {
  const { samplers, twins } = pairs();
  for (let step = 0; step < 30; step++) {
    const rows = samplers.map((_, i) => ROWS[(i + step * (i % 3)) % ROWS.length]);
    const record = step % 5 !== 4;
    const tokens = Sampler.sampleBatch(matrix(rows), samplers, { record });
    assert.ok(tokens instanceof Int32Array);
    assert.deepEqual(
      Array.from(tokens),
      twins.map((twin, i) => twin.sample(rows[i], { record })),
    );
    samplers.forEach((sampler, i) => {
      assert.deepEqual(sampler.last, twins[i].last);
      if (step % 7 === 3) assert.deepEqual(sampler.logits, rows[i]);
    });
    if (step % 10 === 9) assert.deepEqual(samplers.map(portrait), twins.map(portrait));
  }
  dispose(samplers, twins);
});

test('forks in a batch, and rows in every form', () => {
  const parent = grown(Sampler, REMEMBERING.penalties, 4);
  const rows = Array.from({ length: 6 }, (_, i) =>
    normal(VOCABULARY, i, 2).map((x) => fromFloat16(toFloat16(x))),
  );
  const plain = matrix(rows);
  const inside = alloc(plain.length);
  for (const [x, dtype] of [
    [plain],
    [Float64Array.from(plain)],
    [Array.from(plain)],
    [Uint16Array.from(plain, toFloat16), 'float16'],
    [inside],
  ]) {
    const forks = rows.map(() => parent.fork());
    const twins = forks.map((one) => parent.fork({ stream: one.stream }));
    let given = x;
    if (x === inside) {
      // Growing may have detached it.
      given = x.length > 0 ? x : alloc(plain.length);
      given.set(plain);
    }
    const expected = twins.map((twin, i) => twin.sample(rows[i]));
    assert.deepEqual(Array.from(Sampler.sampleBatch(given, forks, dtype ? { dtype } : undefined)), expected);
    if (given !== x) free(given);
    dispose(forks, twins);
  }
  free(inside);
  parent.dispose();
});

test('a bad row: the error says which, and no sampler has moved', () => {
  const { samplers, twins } = pairs();
  const rows = samplers.map((_, i) => ROWS[i % ROWS.length]);
  // What the rows hold is part of what must stay.
  for (const [i, sampler] of samplers.entries()) {
    if (i % 2 === 0) sampler.sample(rows[i], { record: false });
  }
  const held = samplers.map((sampler, i) => (i % 4 === 0 ? sampler.logits.slice() : null));
  const last = samplers.map((sampler) => sampler.last);
  for (let bad = 0; bad < samplers.length; bad++) {
    for (const code of ['nan', 'masked']) {
      const x = matrix(rows.map((_, i) => ROWS[(i + 3) % ROWS.length]));
      const from = bad * VOCABULARY;
      if (code === 'nan') x[from + 5] = Number.NaN;
      else x.fill(-Infinity, from, from + VOCABULARY);
      assert.throws(
        () => Sampler.sampleBatch(x, samplers),
        (error) => {
          assert.ok(error instanceof LogitsError);
          assert.equal(error.code, code);
          assert.equal(error.row, bad);
          assert.equal(error.index, code === 'nan' ? from + 5 : -1);
          assert.match(error.message, new RegExp(`^sampleBatch: x \\(row ${bad}\\)`));
          return true;
        },
      );
    }
  }
  samplers.forEach((sampler, i) => {
    assert.deepEqual(sampler.last, last[i]);
    if (held[i]) assert.deepEqual(sampler.logits, held[i]);
  });
  assert.deepEqual(samplers.map(portrait), twins.map(portrait));
  for (let i = 0; i < samplers.length; i++) lead([samplers[i], twins[i]], 20, i);
  dispose(samplers, twins);
});

test('masks: of each sampler, or one for all', () => {
  const samplers = [1, 2, 3].map((seed) => new Sampler(VOCABULARY, { seed }));
  const x = matrix([ROWS[0], ROWS[1], ROWS[2]]);
  samplers[1].mask = Uint32Array.of(1 << 9, 0);
  assert.equal(Sampler.sampleBatch(x, samplers, { record: false })[1], 9);
  const one = { record: false, mask: Int32Array.of(1 << 4) };
  assert.deepEqual(Array.from(Sampler.sampleBatch(x, samplers, one)), [4, 4, 4]);
  const free = Sampler.sampleBatch(x, samplers, { record: false, mask: null });
  assert.equal(free[1], samplers[1].sample(ROWS[1], { record: false, mask: null }));
  const none = { mask: new Uint32Array(1) };
  assert.throws(() => Sampler.sampleBatch(x, samplers, none), { row: 0, code: 'masked', stage: 'mask' });
  assert.throws(() => Sampler.sampleBatch(x, samplers, { mask: new Uint32Array(9) }), {
    name: 'RangeError',
    row: 0,
  });
  assert.deepEqual(
    samplers.map((sampler) => sampler.position),
    [0, 0, 0],
  );
  dispose(samplers);
});

test('what is no batch is an error', () => {
  const [one, two, gone, small] = [VOCABULARY, VOCABULARY, VOCABULARY, 8].map(
    (n) => new Sampler(n, { seed: 1 }),
  );
  gone.dispose();
  const x = new Float32Array(2 * VOCABULARY);
  const cases = [
    [() => Sampler.sampleBatch(x, one), TypeError, /samplers must be an array/],
    [() => Sampler.sampleBatch(x, [one, {}]), TypeError, /samplers\[1\] must be a Sampler, got Object/],
    [() => Sampler.sampleBatch(x, [one, 3]), TypeError, /samplers\[1\]/],
    [() => Sampler.sampleBatch(x, [one, undefined]), TypeError, /samplers\[1\]/],
    [() => Sampler.sampleBatch(x, [one, gone]), TypeError, /samplers\[1\].*disposed/],
    [
      () => Sampler.sampleBatch(x, [one, one]),
      RangeError,
      /samplers\[1\] must be another Sampler, got samplers\[0\]/,
    ],
    [() => Sampler.sampleBatch(x, [one, small]), RangeError, /samplers\[1\].*vocabSize.*60, got 8/],
    [() => Sampler.sampleBatch(x, [one]), RangeError, /1 rows of vocabSize = 60, 60 elements, got 120/],
    [() => Sampler.sampleBatch(x, []), RangeError, /0 elements, got 120/],
    [() => Sampler.sampleBatch('x', [one, two]), TypeError, /sampleBatch: x/],
    [() => Sampler.sampleBatch(new Uint16Array(120), [one, two]), TypeError, /dtype/],
    [() => Sampler.sampleBatch(x, [one, two], { recrd: false }), TypeError, /did you mean record/],
    [() => Sampler.sampleBatch(x, [one, two], { record: 1 }), TypeError, /record/],
    [() => Sampler.sampleBatch(new Array(120), [one, two]), TypeError, /a hole/],
  ];
  for (const [run, kind, message] of cases) {
    assert.throws(run, (error) => error instanceof kind && message.test(error.message));
  }
  assert.equal(one.position + two.position, 0);
  assert.equal(Sampler.sampleBatch([], []).length, 0);
  dispose([one, two, small]);
});

test('any batch equals its samplers one by one', () => {
  const kinds = Object.values(REMEMBERING);
  const property = fc.property(
    fc.array(fc.nat(kinds.length - 1), { minLength: 1, maxLength: 12 }),
    fc.nat(),
    (picked, seed) => {
      const samplers = picked.map((kind, i) => grown(Sampler, kinds[kind], seed + i, 10));
      const twins = samplers.map((sampler) => sampler.fork({ stream: sampler.stream }));
      for (let step = 0; step < 4; step++) {
        const rows = samplers.map((_, i) => ROWS[(seed + i * step) % ROWS.length]);
        const tokens = Sampler.sampleBatch(matrix(rows), samplers);
        assert.deepEqual(
          Array.from(tokens),
          twins.map((twin, i) => twin.sample(rows[i])),
        );
      }
      assert.deepEqual(samplers.map(portrait), twins.map(portrait));
      dispose(samplers, twins);
    },
  );
  fc.assert(property, { numRuns: 60, seed: 9 });
});
