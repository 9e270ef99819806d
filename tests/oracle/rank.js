/**
 * Ids from the greatest value to the least; among equal values (IEEE equality, so -0 equals 0) the lowest id first.
 *
 * @param {ArrayLike<number>} x
 * @returns {number[]}
 */
export function descending(x) {
  return Array.from(x, (_, id) => id).sort((a, b) => (x[b] > x[a] ? 1 : x[b] < x[a] ? -1 : a - b));
}

/** @param {ArrayLike<number>} x */
export function argmax(x) {
  return descending(x)[0];
}

/**
 * @param {ArrayLike<number>} x
 * @param {number} k
 * @returns {{ ids: number[], logits: number[] }}
 */
export function topK(x, k) {
  const ids = descending(x).slice(0, k);
  return { ids, logits: ids.map((id) => x[id]) };
}
