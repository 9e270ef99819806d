/**
 * Heights of labels that would overlap, moved apart as little as they must.
 * @param {number[]} tops where they belong @param {number} gap that they need @param {number} bottom where the last may be
 * @returns {number[]} in the same order
 */
export function spread(tops, gap, bottom) {
  const order = tops.map((_, index) => index).sort((a, b) => tops[a] - tops[b]);
  const placed = [...tops];
  for (let i = 1; i < order.length; i++) {
    placed[order[i]] = Math.max(placed[order[i]], placed[order[i - 1]] + gap);
  }
  let limit = bottom;
  for (const index of order.reverse()) {
    placed[index] = Math.min(placed[index], limit);
    limit = placed[index] - gap;
  }
  return placed;
}
