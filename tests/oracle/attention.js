/**
 * Attention of one head with all scores materialised: softmax(q k^T scale + mask) v in float64, row by row.
 *
 * @param {ArrayLike<number>} q n x d
 * @param {ArrayLike<number>} k m x d
 * @param {ArrayLike<number>} v m x dv
 * @param {{ d: number, dv?: number, scale?: number, causal?: boolean, mask?: ArrayLike<number> }} options
 * @returns {Float64Array} n x dv
 */
export function attention(q, k, v, { d, dv = d, scale = 1 / Math.sqrt(d), causal = false, mask }) {
  const n = q.length / d;
  const m = k.length / d;
  const result = new Float64Array(n * dv);
  const scores = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: m }, (_, j) => {
      if (causal && j > i + m - n) return Number.NEGATIVE_INFINITY;
      let s = 0;
      for (let c = 0; c < d; c++) s += q[i * d + c] * k[j * d + c];
      return s * scale + (mask?.[i * m + j] ?? 0);
    }),
  );
  scores.forEach((row, i) => {
    const top = row.reduce((a, b) => Math.max(a, b));
    const weights = row.map((s) => Math.exp(s - top));
    const total = weights.reduce((a, b) => a + b);
    for (let j = 0; j < m; j++)
      for (let c = 0; c < dv; c++) result[i * dv + c] += (weights[j] / total) * v[j * dv + c];
  });
  return result;
}
