import assert from 'node:assert/strict';

/**
 * Asserts that every element is within `rel` of the expected one relatively or within `abs` absolutely, and reports
 * the worst. Infinities must be equal; a NaN on either side fails.
 *
 * @param {ArrayLike<number>} actual
 * @param {ArrayLike<number>} expected
 * @param {{ rel?: number, abs?: number }} bound
 * @param {string} label
 */
export function close(actual, expected, { rel = 0, abs = 0 }, label) {
  assert.equal(actual.length, expected.length, `${label}: length`);
  let worst = 0;
  let at = -1;
  for (let i = 0; i < expected.length; i++) {
    const excess = beyond(actual[i], expected[i], rel, abs);
    if (!(excess <= worst)) {
      worst = excess;
      at = i;
    }
  }
  if (!(worst <= 1)) {
    assert.fail(`${label}: [${at}] is ${actual[at]}, expected ${expected[at]} (rel ${rel}, abs ${abs})`);
  }
}

/**
 * @param {number} actual
 * @param {number} expected
 * @param {{ rel?: number, abs?: number }} bound
 * @param {string} label
 */
export function closeTo(actual, expected, bound, label) {
  close([actual], [expected], bound, label);
}

/** Error in units of what is allowed: at most 1 is within bounds. */
function beyond(actual, expected, rel, abs) {
  if (actual === expected) return 0;
  const error = Math.abs(actual - expected);
  const allowed = Math.max(abs, rel * Math.abs(expected));
  if (!Number.isFinite(error)) return Number.POSITIVE_INFINITY;
  return error <= allowed ? error / (allowed || 1) : Number.POSITIVE_INFINITY;
}

/**
 * The largest relative error among the elements whose expected value lies in [from, to).
 *
 * @param {ArrayLike<number>} actual
 * @param {ArrayLike<number>} expected
 */
export function worstRelative(actual, expected, from = 0, to = Number.POSITIVE_INFINITY) {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] <= 0 || expected[i] < from || expected[i] >= to) continue;
    const error = Math.abs(actual[i] - expected[i]) / expected[i];
    if (!(error <= worst)) worst = error;
  }
  return worst;
}
