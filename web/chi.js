/**
 * Pearson's test (1900): whether counts could well have come from a law. Cells that expect fewer than 5 are put together,
 * because the test's own law holds only where something is expected.
 */

const LEAST = 5;

/** @param {readonly number[]} counts @param {readonly number[]} probs @returns {{statistic: number, df: number, p: number}} */
export function chiSquare(counts, probs) {
  const total = counts.reduce((sum, each) => sum + each, 0);
  const cells = probs.map((p, index) => ({ expected: p * total, found: counts[index] }));
  const large = cells.filter(({ expected }) => expected >= LEAST);
  const small = cells.filter(({ expected }) => expected < LEAST);
  const pool = { expected: 0, found: 0 };
  for (const { expected, found } of small) {
    pool.expected += expected;
    pool.found += found;
  }
  if (pool.expected >= LEAST) large.push(pool);
  const statistic = large.reduce((sum, { expected, found }) => sum + (found - expected) ** 2 / expected, 0);
  const df = Math.max(0, large.length - 1);
  return { statistic, df, p: df === 0 ? 1 : exceeded(statistic, df) };
}

/**
 * How often chance alone is at least this far off: Q(df/2, x/2), going up in steps of 2 from df = 1 or 2, which are closed
 * forms (Abramowitz and Stegun 26.4.4 and 26.4.5).
 * @param {number} x @param {number} df
 */
function exceeded(x, df) {
  const half = x / 2;
  const odd = df % 2 === 1;
  let sum = odd ? erfc(Math.sqrt(half)) : Math.exp(-half);
  let term = odd ? Math.sqrt(half / Math.PI) * 2 * Math.exp(-half) : half * Math.exp(-half);
  for (let a = odd ? 1.5 : 2; a <= df / 2; a++) {
    sum += term;
    term *= half / a;
  }
  return Math.min(1, sum);
}

/** 1 - erf(z) for z ≥ 0: the series of erf near 0, and its continued fraction, from the far end, elsewhere. @param {number} z */
function erfc(z) {
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; n < 80; n++) {
      term *= (-z * z) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let tail = 0;
  for (let n = 60; n > 0; n--) tail = n / 2 / (z + tail);
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + tail);
}
