import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { agrees, lawOf } from './helpers/law.js';
import { random } from './helpers/random.js';
import { normal, peaked } from './helpers/rows.js';

/** A bitmask in which about `share` of the tokens are allowed. */
function bits(n, share, seed, Kind = Int32Array) {
  const next = random(seed);
  const words = new Kind(Math.ceil(n / 32));
  for (let v = 0; v < n; v++) if (next() < share) words[v >> 5] |= 1 << (v & 31);
  return words;
}

test('bit v & 31 of word v >> 5, 1 is allowed', () => {
  const row = new Float32Array(70);
  const mask = Int32Array.of(0b101, 1 << 31, 0b100000);
  assert.deepEqual(lawOf(row, {}, { mask }).ids, [0, 2, 63, 69]);
  assert.deepEqual(lawOf(row, {}, { mask: Uint32Array.from(mask) }).ids, [0, 2, 63, 69]);
});

test('against the oracle: every size and regime', () => {
  for (const n of [1, 31, 32, 33, 64, 300, 2000]) {
    for (const share of [0.9, 0.3, 0.02]) {
      const mask = bits(n, share, n);
      mask[0] |= 1;
      for (const options of [
        {},
        { topK: 7 },
        { topP: 0.9 },
        { minP: 0.2, temperature: 0.6 },
        { temperature: -1 },
      ]) {
        agrees(n > 100 ? peaked(n, n) : normal(n, n), options, { mask });
      }
    }
  }
});

test('the largest logit of a block may be banned', () => {
  const row = normal(256, 1);
  row[70] = 50;
  row[200] = 40;
  const mask = bits(256, 1, 1);
  mask[70 >> 5] &= ~(1 << (70 & 31));
  assert.equal(lawOf(row, { temperature: 0 }, { mask }).ids[0], 200);
  agrees(row, { topK: 5 }, { mask });
  agrees(row, {}, { mask });
});

test('a shorter mask bans the rest, and bits behind the vocabulary mean nothing', () => {
  const row = normal(100, 2);
  const mask = Int32Array.of(-1, -1);
  assert.deepEqual(
    lawOf(row, {}, { mask }).ids.filter((id) => id >= 64),
    [],
  );
  agrees(row, {}, { mask });
  agrees(row, {}, { mask: Int32Array.of(-1, -1, -1, -1) });
});

test('sampler.mask is a live default until null; one call may have another', () => {
  const row = Float32Array.of(1, 2, 3, 4);
  const sampler = new Sampler(4, { temperature: 0 });
  const mask = Int32Array.of(0b0111);
  assert.equal(sampler.mask, null);
  sampler.mask = mask;
  assert.equal(sampler.mask, mask);
  assert.equal(sampler.sample(row), 2);
  mask[0] = 0b0011;
  assert.equal(sampler.sample(row), 1);
  assert.equal(sampler.sample(row, { mask: Uint32Array.of(0b0001) }), 0);
  assert.deepEqual(Array.from(sampler.distribution(row, { mask: Int32Array.of(0b1000) }).ids), [3]);
  assert.equal(sampler.sample(row), 1);
  sampler.mask = null;
  assert.equal(sampler.sample(row), 3);
  sampler.dispose();
});

test('no banned token is ever drawn', () => {
  const n = 1000;
  const mask = bits(n, 0.05, 9);
  const allowed = (v) => (mask[v >> 5] >>> (v & 31)) & 1;
  for (const options of [{ seed: 1 }, { seed: 1, topK: 20 }, { seed: 1, topP: 0.8, temperature: 2 }]) {
    const sampler = new Sampler(n, options);
    sampler.mask = mask;
    const row = normal(n, 3, 4);
    for (let i = 0; i < 300; i++) assert.ok(allowed(sampler.sample(row)));
    sampler.dispose();
  }
});
