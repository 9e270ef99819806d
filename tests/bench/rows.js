/**
 * The rows every cell runs on: three shapes a language model's logits take, four distinct rows each,
 * as float32 and as float16 bits.
 */
import { generator, normals, shuffle } from './random.js';
import { descending } from './reference.js';

export const ROWS = 4;
export const SETS = ['peaked', 'zipf', 'flat'];

/** Peaks of a peaked row: their share of the mass and the ratio of each to the one above it. */
const PEAKS = { count: 10, mass: 0.97, ratio: 0.6 };
/** Zipf-Mandelbrot: probability (rank + shift)^-exponent. */
const ZIPF = { exponent: 1.1, shift: 2.7 };
const FLAT_DEVIATION = 0.3;
const BODY_DEVIATION = 2.5;

const logitOfRank = (_, index) => 12 - ZIPF.exponent * Math.log(index + 1 + ZIPF.shift);

const SHAPES = {
  /** A body N(0, 2.5) with 3 % of the mass under ten peaks: about 2 nats, 8 ids hold 0.95. */
  peaked(n, random) {
    const normal = normals(random);
    const row = Float32Array.from({ length: n }, () => BODY_DEVIATION * normal());
    const at = new Set();
    while (at.size < Math.min(PEAKS.count, n)) at.add(Math.floor(random() * n));
    let body = 0;
    for (let i = 0; i < n; i++) if (!at.has(i)) body += Math.exp(row[i]);
    const mass = (body * PEAKS.mass) / (1 - PEAKS.mass);
    let share = (1 - PEAKS.ratio) / (1 - PEAKS.ratio ** at.size);
    for (const i of at) {
      row[i] = Math.log(mass * share);
      share *= PEAKS.ratio;
    }
    return row;
  },
  /** Probability falls as (rank + 2.7)^-1.1, ranks in random places: about 8 nats. */
  zipf(n, random) {
    const row = Float32Array.from({ length: n }, logitOfRank);
    return shuffle(row, random);
  },
  /** N(0, 0.3): nearly uniform. */
  flat(n, random) {
    const normal = normals(random);
    return Float32Array.from({ length: n }, () => FLAT_DEVIATION * normal());
  },
};

/**
 * @typedef {object} Data
 * @property {number} n
 * @property {string} set
 * @property {Float32Array[]} rows
 * @property {Uint16Array[]} halves     the rows rounded to float16
 * @property {Float32Array[]} widened   what the float16 rows mean
 * @property {number} pool               how many rows an operation that destroys them takes in turn
 * @property {Int32Array} history       distinct ids for the repetition penalty, likely ones among them
 */

/**
 * @param {number} n
 * @param {string} set
 * @param {number} [poolLogits]   where the clock is coarse: so many logits lie between two looks at it
 * @returns {Data}
 */
export function makeData(n, set, poolLogits = 0) {
  const random = generator(n * 31 + SETS.indexOf(set));
  const rows = Array.from({ length: ROWS }, () => SHAPES[set](n, random));
  const halves = rows.map((row) => Uint16Array.from(row, toHalf));
  const widened = halves.map((row) => Float32Array.from(row, fromHalf));
  const pool = ROWS * Math.max(1, Math.ceil(poolLogits / (ROWS * n)));
  return { n, set, rows, halves, widened, pool, history: makeHistory(rows, random) };
}

const HISTORY = 1000;
const LIKELY_PER_ROW = 20;

function makeHistory(rows, random) {
  const n = rows[0].length;
  const ids = new Set();
  for (const row of rows) {
    const least = descending(row)[LIKELY_PER_ROW - 1];
    for (let i = 0; i < n; i++) if (row[i] >= least && ids.size < HISTORY / 2) ids.add(i);
  }
  while (ids.size < Math.min(HISTORY, Math.floor(n / 2))) ids.add(Math.floor(random() * n));
  return Int32Array.from(ids);
}

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** float32 to the nearest float16, ties to even, as bits. */
export function toHalf(x) {
  value[0] = x;
  const word = bits[0];
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude < 0x38800000) {
    value[0] = Math.abs(x) + 0.5;
    return sign | (bits[0] - 0x3f000000);
  }
  const even = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + even) >>> 13);
}

/** float16 bits to the float32 they mean. */
export function fromHalf(half) {
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
