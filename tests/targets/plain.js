// softmax and one draw in plain JavaScript, bit for bit what src/ computes: the proof that a third target is possible
// without WebAssembly. Every float32 operation is rounded by Math.fround; float64 is JavaScript's own.
import { LK } from '../../dist/abi.js';

const f = Math.fround;
const LN2 = 0.6931471805599453;
const LOG2E = 1.4426950408889634;
// src/exp.c: the polynomial, lowest coefficient first; its leading one is 1.
const A = [753.2135009765625, 522.0875854492188, 180.93783569335938, 41.808719635009766, 7.287765026092529];
const HEADROOM = 20;
const REACH = 65;

const words = new Uint32Array(1);
const float = new Float32Array(words.buffer);

/** The float32 of these bits. */
function fromBits(/** @type {number} */ u) {
  words[0] = u;
  return float[0];
}

/** The bits of this float32. */
function toBits(/** @type {number} */ x) {
  float[0] = x;
  return words[0];
}

const round = (/** @type {number} */ x) => x + 6755399441055744 - 6755399441055744;

/** 2^y in the units of `unit`: the polynomial of src/exp.h at y, times 2 to what `t` holds in its last bits. */
const power = (/** @type {number} */ y, /** @type {number} */ t, /** @type {number[]} */ a) => {
  let p = f(y + a[4]);
  for (let i = 3; i >= 0; i--) p = f(f(p * y) + a[i]);
  return f(p * fromBits((toBits(t) << 23) >>> 0));
};

const high14 = (/** @type {number} */ x) => fromBits((toBits(f(x)) & 0xfffffc00) >>> 0);

/**
 * The constants of src/exp.h for one temperature and maximum, as a function from a float32 logit to its weight.
 * @param {number} temperature
 * @param {number} max
 */
function weightOf(temperature, max) {
  const ln2 = temperature * LN2;
  const far = Math.abs(max) >= 256 * temperature;
  const base = far ? max : 0;
  const scale = f(LOG2E / temperature);
  const hi = high14(ln2);
  const lo = f(ln2 - hi);
  const ref = (far ? 0 : round(max * (LOG2E / temperature))) - HEADROOM;
  const magic = f(12582912 + f(127 - ref));
  const floor = f((ref - 125) * ln2);
  return (/** @type {number} */ x) => {
    const d = f(x - base);
    if (d < floor) return 0;
    const t = f(f(d * scale) + magic);
    const n = f(t - magic);
    return power(f(f(f(d - f(n * hi)) - f(n * lo)) * scale), t, A);
  };
}

/** The same for softmax's mild rows (src/onepass.h). */
function mildWeightOf(/** @type {number} */ temperature, /** @type {number} */ max) {
  const ln2 = temperature * LN2;
  const scale = f(1 / ln2);
  const hi = high14(ln2);
  const lo = f(ln2 - hi);
  const ref = round(max / ln2) - HEADROOM;
  const magic = f(12582912 + f(127 - ref));
  const floor = f((ref - 120) * ln2);
  const a = new Array(5);
  for (let i = 4, unit = ln2; i >= 0; i--, unit *= ln2) a[i] = f(A[i] * unit);
  return (/** @type {number} */ x) => {
    const d = x < floor ? floor : x;
    const t = f(f(d * scale) + magic);
    const n = f(t - magic);
    return power(f(f(d - f(n * hi)) - f(n * lo)), t, a);
  };
}

/**
 * The mass of all weights, by the header's tree: float32 within a block, four float64 lanes across blocks.
 * @param {Float32Array} e length a multiple of LK.BLOCK
 */
function mass(e) {
  const lanes = [0, 0, 0, 0];
  for (let b = 0; b < e.length; b += LK.BLOCK) {
    for (let lane = 0; lane < 4; lane++) {
      const sums = [0, 1, 2, 3].map((j) => {
        let s = e[b + 4 * j + lane];
        for (let i = 16; i < LK.BLOCK; i += 16) s = f(s + e[b + i + 4 * j + lane]);
        return s;
      });
      lanes[lane] += f(f(sums[0] + sums[1]) + f(sums[2] + sums[3]));
    }
  }
  return lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
}

const padded = (/** @type {number} */ n) => Math.ceil(n / LK.PAD) * LK.PAD;

/**
 * @param {Float32Array} x a row with at least one finite logit and no NaN
 * @param {number} temperature
 */
export function softmax(x, temperature) {
  const max = x.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
  const mild = temperature >= 0.25 && temperature <= 4 && Math.abs(max) < 256 * temperature;
  const weight = (mild ? mildWeightOf : weightOf)(temperature, max);
  const e = new Float32Array(padded(x.length)).map((_, i) =>
    weight(i < x.length ? x[i] : Number.NEGATIVE_INFINITY),
  );
  const total = mass(e);
  const factor = f(1 / total);
  const least = f(total * ((1 + 2 ** -24) * 2 ** -126));
  return e.subarray(0, x.length).map((w) => (w >= least ? f(w * factor) : 0));
}

/** High and low word of a 32 x 32 bit product. */
function multiply(/** @type {number} */ a, /** @type {number} */ b) {
  const product = BigInt(a) * BigInt(b);
  return [Number(product >> 32n), Number(product & 0xffffffffn)];
}

/** lk_uniform, purpose 0. */
export function uniform(
  /** @type {[number, number]} */ seed,
  /** @type {number} */ position,
  /** @type {number} */ stream,
  /** @type {number} */ index,
) {
  let [k0, k1] = seed;
  let c = [position >>> 0, Math.floor(position / 2 ** 32), stream, index >>> 1];
  for (let i = 0; i < 10; i++) {
    const [h0, l0] = multiply(0xd2511f53, c[0]);
    const [h1, l1] = multiply(0xcd9e8d57, c[2]);
    c = [(h1 ^ c[1] ^ k0) >>> 0, l1, (h0 ^ c[3] ^ k1) >>> 0, l0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  const [high, low] = index & 1 ? [c[3], c[2]] : [c[1], c[0]];
  return (high * 2 ** 21 + (low >>> 11)) * 2 ** -53;
}

/**
 * One draw from the whole row ("The draw" in logitkit.h, steps 1 to 3).
 * @param {Float32Array} x
 * @param {number} temperature
 * @param {(index: number) => number} next the uniforms
 */
export function drawRow(x, temperature, next) {
  const blocks = padded(x.length) / LK.BLOCK;
  const row = new Float32Array(blocks * LK.BLOCK).fill(Number.NEGATIVE_INFINITY);
  row.set(x);
  const max = x.reduce((a, b) => (b > a ? b : a), Number.NEGATIVE_INFINITY);
  const weight = weightOf(temperature, max);
  const groups = Math.ceil(blocks / 64);
  const w = new Float64Array(groups * 64);
  for (let b = 0; b < blocks; b++)
    w[b] = REACH * weight(Math.max(...row.subarray(b * LK.BLOCK, (b + 1) * LK.BLOCK)));
  const sum = (/** @type {Float64Array} */ a) => a.reduce((s, v) => s + v, 0);
  const groupSums = () =>
    Float64Array.from({ length: groups }, (_, g) => {
      const [s0, s1, s2, s3] = [0, 1, 2, 3].map((j) =>
        sum(w.filter((_, b) => b >> 6 === g && (b & 3) === j)),
      );
      return s0 + s2 + (s1 + s3);
    });
  const running = (/** @type {number} */ b) => {
    let s = 0;
    return Float64Array.from({ length: LK.BLOCK }, (_, i) => {
      s += weight(row[b * LK.BLOCK + i]);
      return s;
    });
  };
  const heavy = sum(groupSums()) / 64;
  w.forEach((bound, b) => {
    if (bound > heavy) w[b] = running(b)[LK.BLOCK - 1];
  });
  for (let index = 0; ; index++) {
    const group = groupSums();
    let v = next(index) * sum(group);
    let g = 0;
    while (v >= group[g]) v -= group[g++];
    let b = g * 64;
    while (v >= w[b]) v -= w[b++];
    const sums = running(b);
    if (v < sums[LK.BLOCK - 1]) return b * LK.BLOCK + sums.findIndex((c) => c > v);
    w[b] = sums[LK.BLOCK - 1];
  }
}

/**
 * One draw from the k largest.
 * @param {Float32Array} x
 * @param {number} k
 * @param {number} temperature
 * @param {(index: number) => number} next
 */
export function drawList(x, k, temperature, next) {
  const ids = Array.from(x.keys())
    .filter((i) => x[i] > Number.NEGATIVE_INFINITY)
    .sort((a, b) => x[b] - x[a] || a - b)
    .slice(0, k);
  const weight = weightOf(temperature, x[ids[0]]);
  const e = ids.map((i) => weight(x[i]));
  const v = next(0) * e.reduce((s, z) => s + z, 0);
  let c = 0;
  for (let i = 0; i < ids.length; i++) {
    c += e[i];
    if (c > v) return ids[i];
  }
  return ids[ids.length - 1];
}
