import assert from 'node:assert/strict';

/** Chi-square tests fail below this p: with fixed seeds they either always pass or never. */
export const SIGNIFICANCE = 1e-4;

/**
 * Asserts that counts follow a law: nothing outside it, and chi-square's p above the significance, which is printed.
 *
 * @param {import('node:test').TestContext} t
 * @param {ArrayLike<number>} counts
 * @param {ArrayLike<number>} probs
 * @param {string} [name] what is counted, where a test counts several things
 */
export function obeys(t, counts, probs, name = 'chi-square') {
  for (let i = 0; i < counts.length; i++) {
    if (probs[i] === 0) assert.equal(counts[i], 0, `${name}: ${i} is outside the law`);
  }
  const { statistic, df, p } = chiSquare(counts, probs);
  t.diagnostic(`${name}: ${statistic.toFixed(1)} on ${df}, p ${p.toPrecision(3)}`);
  assert.ok(p > SIGNIFICANCE, `${name}: ${statistic} on ${df} degrees, p ${p}`);
}

/**
 * Pearson's chi-square test of observed counts against probabilities. Cells that expect fewer than `least` are
 * pooled, because the statistic's law holds only for cells with some expectation.
 *
 * @param {ArrayLike<number>} counts
 * @param {ArrayLike<number>} probs
 * @param {number} [least]
 * @returns {{ statistic: number, df: number, p: number }}
 */
export function chiSquare(counts, probs, least = 8) {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let statistic = 0;
  let cells = 0;
  let pooledCount = 0;
  let pooledExpected = 0;
  const add = (count, expected) => {
    statistic += (count - expected) ** 2 / expected;
    cells++;
  };
  for (let i = 0; i < counts.length; i++) {
    const expected = total * probs[i];
    if (expected < least) {
      pooledCount += counts[i];
      pooledExpected += expected;
    } else {
      add(counts[i], expected);
    }
  }
  if (pooledExpected >= least) add(pooledCount, pooledExpected);
  const df = cells - 1;
  return { statistic, df, p: upperGamma(df / 2, statistic / 2) };
}

/** Regularised upper incomplete gamma function Q(a, x): series below a + 1, continued fraction above. */
function upperGamma(a, x) {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - sum * scale;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return h * scale;
}

/** Stirling's series after shifting the argument above 10. */
function logGamma(a) {
  let shift = 0;
  while (a < 10) shift -= Math.log(a++);
  const r = 1 / (a * a);
  return (
    shift +
    (a - 0.5) * Math.log(a) -
    a +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - r * (1 / 360 - r / 1260)) / a
  );
}
