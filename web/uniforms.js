/**
 * The random numbers of a draw, to be shown: the library takes the same ones by itself. Philox4x32-10 (Salmon, Moraes,
 * Dror, Shaw 2011) turns an address into them: the seed is the key; position, purpose and number are the counter.
 */

export const PURPOSE = { draw: 0, gumbel: 5 };

const MASK = 0xffffffffn;

/** @param {bigint[]} counter four words @param {bigint} key two words in one @returns {bigint[]} */
function philox(counter, key) {
  let [a, b, c, d] = counter;
  let [low, high] = [key & MASK, key >> 32n];
  for (let round = 0; round < 10; round++) {
    const left = a * 0xd2511f53n;
    const right = c * 0xcd9e8d57n;
    [a, b, c, d] = [(right >> 32n) ^ b ^ low, right & MASK, (left >> 32n) ^ d ^ high, left & MASK];
    low = (low + 0x9e3779b9n) & MASK;
    high = (high + 0xbb67ae85n) & MASK;
  }
  return [a, b, c, d];
}

/**
 * A number in [0, 1) with 53 bits.
 * @param {bigint} seed @param {number} position of the token, from 0 @param {number} purpose @param {number} index
 */
export function uniform(seed, position, purpose, index) {
  const words = philox([BigInt(position), BigInt(purpose) << 24n, 0n, BigInt(index >> 1)], seed);
  const [lower, upper] = words.slice((index & 1) * 2);
  return Number((upper << 21n) | (lower >> 11n)) * 2 ** -53;
}
