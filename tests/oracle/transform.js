/**
 * Sparse probabilities in place of the exponential ones, over logits that are relative to the best and descend.
 * Sparsemax: Martins, Astudillo 2016; entmax 1.5: Peters, Niculae, Martins 2019. By bisection for the threshold, at
 * which the probabilities sum to 1: not by the closed forms of the papers.
 *
 * @param {number[]} logs
 * @param {'sparsemax' | 'entmax15'} transform
 * @returns {number[]}
 */
export function sparse(logs, transform) {
  const share =
    transform === 'sparsemax' ? (v, t) => Math.max(0, v - t) : (v, t) => Math.max(0, v / 2 - t) ** 2;
  let low = -1;
  let high = 0;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (logs.reduceRight((a, v) => a + share(v, middle), 0) >= 1) low = middle;
    else high = middle;
  }
  const probs = logs.map((v) => share(v, low));
  const total = probs.reduceRight((a, b) => a + b, 0);
  return probs.map((p) => p / total);
}
