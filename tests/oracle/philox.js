/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011) in float64 numbers,
 * with every product split so that it stays an exact integer.
 */

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57];
const WEYL = [0x9e3779b9, 0xbb67ae85];

/** Upper 32 bits of the product of two 32-bit words. */
function upper(a, b) {
  return Math.floor((a * (b >>> 16) + Math.floor((a * (b & 0xffff)) / 65536)) / 65536);
}

/**
 * @param {number[]} counter four 32-bit words
 * @param {number[]} key two 32-bit words
 * @returns {number[]} four 32-bit words
 */
export function philox(counter, key) {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const x0 = (upper(MULTIPLIERS[1], c2) ^ c1 ^ k0) >>> 0;
    const x2 = (upper(MULTIPLIERS[0], c0) ^ c3 ^ k1) >>> 0;
    c1 = Math.imul(MULTIPLIERS[1], c2) >>> 0;
    c3 = Math.imul(MULTIPLIERS[0], c0) >>> 0;
    c0 = x0;
    c2 = x2;
    k0 = (k0 + WEYL[0]) >>> 0;
    k1 = (k1 + WEYL[1]) >>> 0;
  }
  return [c0, c1, c2, c3];
}
