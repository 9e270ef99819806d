// Cases 0 to 2 of tests/native/vectors.c, computed by plain.js: the same rows, the same digest.
import { drawList, drawRow, softmax, uniform } from './plain.js';

const SIZES = [1, 2, 3, 15, 16, 17, 63, 64, 65, 111, 256, 257, 1000, 5000];
const TEMPERATURES = [1, 0.7, 1.3, 0.05, 40, 1e-6, 1e6];
const OFFSETS = [0, 10000, -10000, 31.25];

/** @param {number} which 0 softmax, 1 a draw from the whole row, 2 a draw from a list */
export function digest(which) {
  let state = 0x9e3779b9;
  let hash = 2166136261;

  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const unit = () => next() * 2 ** -32;
  const fold = (/** @type {number} */ word) => {
    for (let i = 0; i < 4; i++) hash = Math.imul(hash ^ ((word >>> (8 * i)) & 255), 16777619);
  };
  const fill = (/** @type {number} */ n, /** @type {number} */ offset) =>
    Float32Array.from({ length: n }, (_, i) => {
      let x = unit();
      x += unit();
      x += unit();
      x = (x + unit() - 2) * 5;
      const kind = next() & 63;
      if (kind === 0) x += 12;
      return kind === 1 && i > 0 ? Number.NEGATIVE_INFINITY : x + offset;
    });

  for (const n of SIZES)
    for (const temperature of TEMPERATURES)
      for (const offset of OFFSETS) {
        const row = fill(n, offset);
        if (which === 0) {
          fold(0);
          new Uint32Array(softmax(row, temperature).buffer, 0, n).forEach(fold);
        } else {
          /** @type {[number, number]} */
          const seed = [n, next()];
          const random = (/** @type {number} */ index) => uniform(seed, n, which, index);
          fold(0);
          fold(which === 1 ? drawRow(row, temperature, random) : drawList(row, 40, temperature, random));
        }
      }
  return hash >>> 0;
}
