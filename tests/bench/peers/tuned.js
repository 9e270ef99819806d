/**
 * Plain JavaScript as well as we can write it: functions of a row. No objects,
 * no allocation, typed arrays only, its own e^x (Math.exp is what such code spends its time on).
 */

const LOG2E = Math.LOG2E;

/** 2^f on [-0.5, 0.5] by interpolation at Chebyshev nodes: within 1.1e-7. */
const C0 = 1.0000000754548972;
const C1 = 0.6931471880262287;
const C2 = 0.24022107485308267;
const C3 = 0.05550357114219194;
const C4 = 0.009676031918324871;
const C5 = 0.0013390863364616103;

/** 2^-k; below 2^-149 nothing is left in a float32. */
const POWERS = Float64Array.from({ length: 151 }, (_, k) => (k < 150 ? 2 ** -k : 0));

/** e^d for d <= 0. */
export function expNegative(d) {
  const y = d * LOG2E;
  if (!(y > -149.5)) return 0;
  const k = (0.5 - y) | 0;
  const f = y + k;
  return POWERS[k] * (C0 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * C5)))));
}

export function maximum(row) {
  const n = row.length;
  let a = Number.NEGATIVE_INFINITY;
  let b = a;
  let c = a;
  let d = a;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const p = row[i];
    const q = row[i + 1];
    const r = row[i + 2];
    const s = row[i + 3];
    if (p > a) a = p;
    if (q > b) b = q;
    if (r > c) c = r;
    if (s > d) d = s;
  }
  for (; i < n; i++) if (row[i] > a) a = row[i];
  if (b > a) a = b;
  if (c > a) a = c;
  return Math.max(a, d);
}

/** e^((x - max) * inverse) for every element into `out` (unless null); returns the sum. */
export function exponentials(row, max, inverse, out) {
  const n = row.length;
  const factor = inverse * LOG2E;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const y = (row[i] - max) * factor;
    let e = 0;
    if (y > -149.5) {
      const k = (0.5 - y) | 0;
      const f = y + k;
      e = POWERS[k] * (C0 + f * (C1 + f * (C2 + f * (C3 + f * (C4 + f * C5)))));
    }
    if (out !== null) out[i] = e;
    sum += e;
  }
  return sum;
}

export function softmax(row, temperature, out) {
  const inverse = 1 / temperature;
  const sum = exponentials(row, maximum(row), inverse, out);
  const scale = 1 / sum;
  for (let i = 0; i < out.length; i++) out[i] *= scale;
  return out;
}

export function logSumExp(row) {
  const max = maximum(row);
  return max + Math.log(exponentials(row, max, 1, null));
}

export function logSoftmax(row, out) {
  const shift = logSumExp(row);
  for (let i = 0; i < out.length; i++) out[i] = row[i] - shift;
  return out;
}

/** First place of the maximum. */
export function argmax(row) {
  return row.indexOf(maximum(row));
}
