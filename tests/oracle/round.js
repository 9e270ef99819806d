const LARGEST = 2 ** 128 - 2 ** 104;

/**
 * A changed logit as the row can hold it: float32, and finite where it was finite.
 *
 * @param {number} before
 * @param {number} after
 */
export function round(before, after) {
  if (!Number.isFinite(before)) return before;
  return Math.fround(Math.min(LARGEST, Math.max(-LARGEST, after)));
}
