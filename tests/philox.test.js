import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { philox } from './oracle/philox.js';
import { uniform } from './oracle/uniform.js';

/** Known answers of Philox4x32-10 that Random123, the authors' own implementation, is tested with. */
const KNOWN = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

for (const { counter, key, words } of KNOWN) {
  test(`known answer for counter ${counter[0].toString(16)}...`, () => {
    assert.deepEqual(philox(counter, key), words);
  });
}

test('a uniform takes the 32 bits of its upper word and the 21 highest of its lower one', () => {
  const [r0, r1, r2, r3] = KNOWN[0].words.map(BigInt);
  const expected = [(r1 * 2n ** 32n + r0) >> 11n, (r3 * 2n ** 32n + r2) >> 11n];
  for (const index of [0, 1]) {
    assert.equal(BigInt(uniform({ seed: 0, position: 0 }, index) * 2 ** 53), expected[index]);
  }
});

test('the library draws by the same numbers: of 1024 equal logits it takes the one at u', () => {
  const n = 1024;
  const row = new Float32Array(n);
  const seeds = [0, 1, 42, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2n ** 63n + 12345n, 2n ** 64n - 1n];
  for (const seed of seeds) {
    const sampler = new Sampler(n, { topK: n, seed });
    for (let position = 0; position < 200; position++) {
      const u = uniform({ seed, position }, 0);
      assert.equal(sampler.sample(row), Math.floor(u * n), `seed ${seed}, position ${position}`);
    }
    sampler.dispose();
  }
});
