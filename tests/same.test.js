import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate, release, u8 } from '../js/arena.js';
import { core } from '../js/instance.js';
import { below, random } from './helpers/random.js';

test('pieces of memory are the same until one bit differs, of any length, anywhere', () => {
  const { lk_same } = core();
  const next = random(1);
  const [a, b] = [allocate(700, 'test'), allocate(700, 'test')];
  for (let bytes = 0; bytes < 600; bytes++) {
    const [p, q] = [a + below(next, 40), b + below(next, 40)];
    u8.fill(1, a, a + 700);
    u8.fill(2, b, b + 700);
    for (let i = 0; i < bytes; i++) {
      u8[p + i] = below(next, 256);
      u8[q + i] = u8[p + i];
    }
    assert.equal(lk_same(p, q, bytes), 1, `${bytes} bytes`);
    for (const at of new Set([0, below(next, bytes + 1), bytes - 1])) {
      if (at < 0 || at >= bytes) continue;
      u8[q + at] ^= 1 << below(next, 8);
      assert.equal(lk_same(p, q, bytes), 0, `byte ${at} of ${bytes}`);
      u8[q + at] = u8[p + at];
    }
  }
  release(a);
  release(b);
});
