import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Family } from '../js/family.js';
import { Sampler } from '../js/index.js';
import { options as anyOptions, learning } from './helpers/arbitrary.js';
import { grown, lead, portrait, REMEMBERING, ROWS, VOCABULARY } from './helpers/life.js';
import { story } from './helpers/story.js';

/** A new sampler that was led to where the one before stands, with tokens that are given. */
function replay(options, { history, outputs }) {
  const sampler = new Sampler(VOCABULARY, options);
  history.forEach((token, i) => {
    sampler.accept(token, { prompt: !outputs[i] });
  });
  return sampler;
}

for (const [name, options] of Object.entries(REMEMBERING)) {
  test(`a fork of the same stream goes on as its parent does: ${name}`, () => {
    for (let seed = 0; seed < 6; seed++) {
      const parent = grown(Sampler, options, seed);
      const before = portrait(parent);
      const child = parent.fork({ stream: 0 });
      const grandchild = child.fork({ stream: 0 });
      assert.equal(portrait(child), before);
      assert.equal(portrait(grandchild), before);
      lead([parent, child, grandchild], 60, seed + 100);
      assert.equal(portrait(child), portrait(parent));
      assert.equal(portrait(grandchild), portrait(parent));
      for (const sampler of [parent, child, grandchild]) sampler.dispose();
    }
  });

  test(`what one of a family does, the others do not feel: ${name}`, () => {
    const parent = grown(Sampler, options, 7);
    const child = parent.fork();
    const sibling = parent.fork();
    const [one, two] = [portrait(parent), portrait(sibling)];
    lead([child], 80, 1);
    assert.equal(portrait(parent), one);
    assert.equal(portrait(sibling), two);
    const grandchild = child.fork();
    const three = portrait(child);
    lead([parent], 80, 2);
    parent.reset();
    parent.dispose();
    assert.equal(portrait(sibling), two);
    grandchild.configure({ temperature: 0.7, seed: 3 });
    lead([grandchild], 40, 3);
    sibling.reset();
    assert.equal(portrait(child), three);
    for (const sampler of [child, sibling, grandchild]) sampler.dispose();
  });

  test(`the tokens of a fork are those of a replay in its stream: ${name}`, () => {
    for (let seed = 0; seed < 4; seed++) {
      const all = { ...options, mirostat: 0, adaptiveTarget: -1, seed };
      const told = story(30, VOCABULARY, seed);
      const parent = replay(all, told);
      const child = parent.fork({ stream: 9 });
      const other = replay(all, told);
      const twin = new Sampler(VOCABULARY, all).fork({ stream: 9 });
      told.history.forEach((token, i) => {
        twin.accept(token, { prompt: !told.outputs[i] });
      });
      lead([child, twin], 30, seed);
      lead([parent, other], 30, seed);
      assert.equal(portrait(child), portrait(twin));
      for (const sampler of [parent, child, twin, other]) sampler.dispose();
    }
  });
}

test('whatever the options: a fork is its parent in another stream', () => {
  const property = fc.property(anyOptions, learning, fc.nat(1000), (options, learned, seed) => {
    const { minKeep, ...all } = { ...options, ...learned };
    let parent;
    try {
      parent = grown(Sampler, { ...all, ...(minKeep > 1 ? { minKeep } : {}) }, seed, 15);
    } catch (error) {
      // Two options that exclude each other.
      assert.ok(error instanceof RangeError, String(error));
      return;
    }
    const child = parent.fork({ stream: 0 });
    lead([parent, child], 15, seed);
    assert.equal(portrait(child), portrait(parent));
    parent.dispose();
    child.dispose();
  });
  fc.assert(property, { numRuns: 150, seed: 5 });
});

test('streams: one after the other through the whole family, chosen ones are left out', () => {
  const parent = new Sampler(10, { seed: 1 });
  const streams = [parent.fork().stream, parent.fork({ stream: 4 }).stream, parent.fork().stream];
  const child = parent.fork();
  streams.push(child.stream, child.fork().stream, parent.fork().stream, child.fork({ stream: 2 }).stream);
  streams.push(child.fork().stream, parent.fork({ stream: 4294967295 }).stream, parent.fork().stream);
  assert.equal(parent.stream, 0);
  assert.deepEqual(streams, [1, 4, 2, 3, 5, 6, 2, 7, 4294967295, 8]);
  assert.equal(new Sampler(10).fork().stream, 1, 'another family');
});

test('streams are independent: the same row gives each fork its own token', () => {
  const parent = new Sampler(1000, { seed: 1 });
  const row = new Float32Array(1000);
  const seen = new Set(Array.from({ length: 1000 }, () => parent.fork().sample(row)));
  // 1000 uniform draws out of 1000: 632 different ones, with a deviation of about 10.
  assert.ok(seen.size > 570 && seen.size < 700, `${seen.size} different tokens`);
  parent.dispose();
});

test('a family that has used every stream says so', () => {
  const family = new Family();
  family.next = 4294967294;
  family.use(4294967294);
  assert.equal(family.pick('fork: stream', undefined), 4294967295);
  family.use(4294967295);
  assert.throws(() => family.pick('fork: stream', undefined), {
    name: 'RangeError',
    message: /fork: stream/,
  });
  assert.equal(family.pick('fork: stream', 3), 3);
});

test('fork: what is no stream is an error, and nothing has happened', () => {
  const sampler = new Sampler(10, { seed: 1 });
  for (const stream of [-1, 0.5, 4294967296, Number.NaN, Infinity]) {
    assert.throws(() => sampler.fork({ stream }), { name: 'RangeError', message: /fork: stream/ });
  }
  for (const stream of ['1', 1n, null]) assert.throws(() => sampler.fork({ stream }), TypeError);
  assert.throws(() => sampler.fork(3), TypeError);
  assert.throws(() => sampler.fork({ streams: 1 }), /did you mean stream/);
  assert.equal(sampler.fork().stream, 1);
  sampler.dispose();
  assert.throws(() => sampler.fork(), /disposed/);
});

test('a fork has no row and no last; mask and options are those of its parent', () => {
  const parent = new Sampler(VOCABULARY, { seed: 1, topK: 5 });
  parent.mask = Uint32Array.of(0xff, 0);
  parent.sample(ROWS[0]);
  const child = parent.fork();
  assert.ok(child instanceof Sampler);
  assert.equal(child.last, null);
  assert.throws(() => child.sample(), /x must be given/);
  assert.equal(child.mask, parent.mask);
  assert.equal(child.options, parent.options);
  parent.mask = null;
  assert.ok(child.mask && child.sample(ROWS[0]) < 8);
  child.logits.set(ROWS[1]);
  const again = child.fork({ stream: child.stream });
  assert.equal(child.sample(), again.sample(ROWS[1]));
  assert.deepEqual(parent.logits, ROWS[0]);
  parent.dispose();
  child.dispose();
  assert.throws(() => child.sample(ROWS[0]), /disposed/);
  assert.equal(again.position, 3);
});

/** Rows in every form, each of the same numbers. */
const FORMS = [
  (x) => x,
  (x) => Float64Array.from(x),
  (x) => Array.from(x),
  (x) => Uint16Array.from(new Uint32Array(x.buffer, x.byteOffset, x.length), (bits) => bits >>> 16),
];

test('a row that several of a family were given stays each one’s own', () => {
  const exact = ROWS.map((row) => row.map((x) => Math.round(x * 4) / 4));
  for (const form of FORMS) {
    const parent = new Sampler(VOCABULARY, { seed: 2 });
    const family = [parent, ...Array.from({ length: 5 }, () => parent.fork())];
    const held = family.map(() => null);
    for (let step = 0; step < 200; step++) {
      const who = (step * 7 + (step >> 3)) % family.length;
      const row = exact[(step >> 2) % exact.length];
      const x = form(row);
      if (step % 11 === 5) {
        family[who].logits.set(row);
        family[who].logits[step % VOCABULARY] = step;
        held[who] = family[who].logits.slice();
        family[who].sample();
      } else {
        family[who].sample(x, x instanceof Uint16Array ? { dtype: 'bfloat16' } : undefined);
        held[who] = row;
      }
      if (step % 13 === 7) {
        const late = (step * 5) % family.length;
        family[late].dispose();
        family[late] = family[(late + 1) % family.length].fork();
        held[late] = null;
      }
      if (step % 5 > 0) continue;
      family.forEach((sampler, i) => {
        if (held[i] && (step + i) % 3 === 0) assert.deepEqual(sampler.logits, held[i], `${i} at ${step}`);
        else if (held[i])
          assert.equal(sampler.sample(null, { record: false }), sampler.sample(held[i], { record: false }));
      });
    }
    for (const sampler of family) sampler.dispose();
  }
});
