import { philox } from './philox.js';

const DRAW = 0;

/**
 * The uniform in [0, 1) with this address: key = seed; counter = (position low, purpose << 24 | position high, stream,
 * block); two uniforms of 53 bits from the four words of a block, each the top bits of an upper and a lower word.
 *
 * @param {{ seed: number | bigint, position: number, stream?: number, purpose?: number }} address
 * @param {number} index
 */
export function uniform({ seed, position, stream = 0, purpose = DRAW }, index) {
  const key = BigInt.asUintN(64, BigInt(seed));
  const high = Math.floor(position / 2 ** 32);
  const words = philox(
    [position % 2 ** 32, (purpose * 2 ** 24 + high) >>> 0, stream, index >> 1],
    [Number(key & 0xffffffffn), Number(key >> 32n)],
  );
  const [lower, upper] = index & 1 ? [words[2], words[3]] : [words[0], words[1]];
  // 32 upper bits and the 21 highest of the lower word.
  return (upper * 2 ** 21 + (lower >>> 11)) * 2 ** -53;
}
