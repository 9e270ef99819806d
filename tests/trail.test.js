import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { Trail } from '../js/trail.js';
import { fromFloat16, toFloat16 } from './helpers/half.js';
import { below, random } from './helpers/random.js';
import { normal, zipf } from './helpers/rows.js';

/** Options whose stages learn from the tokens that were drawn. */
const LEARNING = [
  { mirostat: 1, mirostatTau: 3, mirostatEta: 0.4 },
  { mirostat: 2, mirostatTau: 3, mirostatEta: 0.4 },
  { mirostat: 2, mirostatTau: 3.5, topK: 60, temperature: 0.8 },
  { adaptiveTarget: 0.3, adaptiveDecay: 0.7 },
  { adaptiveTarget: 0.05, topK: 60, xtcProbability: 0.5 },
];

const ROW = normal(700, 1, 1.5);

/** The law as text: equal where nothing that it depends on has changed. */
function lawOf(sampler) {
  const { ids, probs } = sampler.distribution(ROW);
  return `${ids.join()} ${probs.join()}`;
}

for (const room of [1, 2, 3]) {
  test(`a trail of ${room} numbers is a stack of what they were, at any place of any memory`, () => {
    const next = random(room);
    const trail = new Trail(room);
    const memory = new Float64Array(10).fill(-1);
    const model = [];
    let position = 0;
    let deepest = 0;
    for (let step = 0; step < 20000; step++) {
      if (below(next, 4) > 0) {
        // Some tokens change nothing.
        position += 1 + below(next, 2);
        trail.makeRoom(position - 40);
        trail.push(position, memory, 5);
        model.push([position, Array.from(memory.subarray(5, 5 + room))]);
        for (let i = 0; i < room; i++) memory[5 + i] = next();
        position++;
      } else {
        const back = Math.max(0, position - below(next, 41));
        const at = model.findIndex(([p]) => p >= back);
        const expected = at < 0 ? Array.from(memory.subarray(5, 5 + room)) : model[at][1];
        trail.rewind(back, memory, 5);
        if (at >= 0) deepest = Math.max(deepest, model.splice(at).length);
        position = back;
        assert.deepEqual(Array.from(memory.subarray(5, 5 + room)), expected, `step ${step}`);
      }
    }
    assert.ok(deepest > 8, `rewound over ${deepest} entries at most`);
    assert.ok(memory.every((value, i) => value === -1 || (i >= 5 && i < 5 + room)));
    trail.clear();
    const before = memory.slice();
    trail.rewind(0, memory, 5);
    assert.deepEqual(memory, before);
  });
}

for (const options of LEARNING) {
  test(`whatever happens, a place that was there before has its law again: ${JSON.stringify(options)}`, () => {
    const next = random(11);
    const sampler = new Sampler(ROW.length, { ...options, seed: 3 });
    const rows = Array.from({ length: 8 }, (_, i) => zipf(ROW.length, i));
    // laws[position] is the law there, on the way that led here.
    let laws = [lawOf(sampler)];
    const seen = new Set(laws);
    let rewound = 0;
    for (let step = 0; step < 300; step++) {
      const action = below(next, 10);
      if (action < 6) {
        sampler.sample(rows[below(next, 8)]);
      } else if (action < 7) {
        sampler.accept(below(next, ROW.length));
        assert.equal(lawOf(sampler), laws.at(-1), `accept at ${step}`);
      } else if (action < 8) {
        sampler.sample(rows[below(next, 8)], { record: false });
        assert.throws(() => sampler.sample(new Float32Array(ROW.length).fill(Number.NaN)));
        assert.equal(lawOf(sampler), laws.at(-1), `unrecorded at ${step}`);
        continue;
      } else {
        sampler.rewind(below(next, Math.min(laws.length, 5)));
        laws = laws.slice(0, sampler.position + 1);
        assert.equal(lawOf(sampler), laws[sampler.position], `rewound at ${step}`);
        rewound++;
        continue;
      }
      laws.push(lawOf(sampler));
      seen.add(laws.at(-1));
    }
    assert.ok(rewound > 20 && seen.size >= 8, `${rewound} times back, ${seen.size} laws`);
    sampler.rewind(sampler.position);
    assert.equal(lawOf(sampler), laws[0]);
    sampler.sample(ROW);
    sampler.reset();
    assert.equal(lawOf(sampler), laws[0], 'reset');
    sampler.dispose();
  });
}

test('what was learned survives while the stage is off, and rewinds then, too', () => {
  for (const [on, off] of [
    [{ mirostat: 2, mirostatTau: 2, mirostatEta: 0.7 }, { mirostat: 0 }],
    [{ adaptiveTarget: 0.2, adaptiveDecay: 0.5 }, { adaptiveTarget: -1 }],
  ]) {
    const sampler = new Sampler(ROW.length, { ...on, seed: 4 });
    const first = lawOf(sampler);
    for (let i = 0; i < 5; i++) sampler.sample(ROW);
    const learned = lawOf(sampler);
    assert.notEqual(learned, first);
    sampler.configure(off);
    for (let i = 0; i < 5; i++) sampler.sample(ROW);
    sampler.configure(on);
    assert.equal(lawOf(sampler), learned);
    sampler.rewind(7);
    sampler.rewind(3);
    assert.equal(lawOf(sampler), first);
    sampler.dispose();
  }
});

test('before the first token options of the start count, as in a new sampler', () => {
  for (const [before, after] of [
    [{ mirostat: 2, mirostatTau: 5 }, { mirostatTau: 1.5 }],
    [{ adaptiveTarget: 0.9 }, { adaptiveTarget: 0.2, adaptiveDecay: 0.3 }],
  ]) {
    const sampler = new Sampler(ROW.length, { ...before, seed: 1 });
    sampler.configure(after);
    const twin = new Sampler(ROW.length, { ...before, ...after, seed: 1 });
    assert.equal(lawOf(sampler), lawOf(twin));
    for (let i = 0; i < 20; i++) assert.equal(sampler.sample(ROW), twin.sample(ROW));
    assert.equal(lawOf(sampler), lawOf(twin));
    sampler.dispose();
    twin.dispose();
  }
});

test('within maxHistory everything comes back, however long the sequence', () => {
  const sampler = new Sampler(ROW.length, { mirostat: 2, mirostatTau: 2.5, maxHistory: 50, seed: 8 });
  const laws = [];
  for (let i = 0; i < 1000; i++) {
    laws.push(lawOf(sampler));
    sampler.sample(ROW);
  }
  for (const back of [1, 7, 42]) {
    sampler.rewind(back);
    assert.equal(lawOf(sampler), laws[sampler.position]);
  }
  assert.throws(() => sampler.rewind(1), RangeError);
  sampler.dispose();
});

test('temperature 0 draws without learning, in every order', () => {
  for (const order of ['logitkit', 'llama.cpp']) {
    const sampler = new Sampler(ROW.length, { mirostat: 2, mirostatTau: 2, order, seed: 2 });
    for (let i = 0; i < 4; i++) sampler.sample(ROW);
    const learned = lawOf(sampler);
    sampler.configure({ temperature: 0 });
    for (let i = 0; i < 4; i++) assert.equal(sampler.sample(ROW), ROW.indexOf(Math.max(...ROW)));
    sampler.configure({ temperature: 1 });
    assert.equal(lawOf(sampler), learned);
    sampler.dispose();
  }
});

test('16-bit rows and views give the tokens of their float32 values', () => {
  const half = Uint16Array.from(normal(900, 5, 3), toFloat16);
  const wide = Float32Array.from(half, fromFloat16);
  for (const options of [...LEARNING, { xtcProbability: 0.7, xtcThreshold: 0.01, minP: 0.001 }]) {
    const [a, b, c] = [0, 1, 2].map(() => new Sampler(900, { ...options, seed: 6 }));
    for (let i = 0; i < 40; i++) {
      const token = a.sample(wide);
      assert.equal(b.sample(half, { dtype: 'float16' }), token);
      c.logits.set(wide);
      assert.equal(c.sample(), token);
    }
    for (const sampler of [a, b, c]) sampler.dispose();
  }
});
