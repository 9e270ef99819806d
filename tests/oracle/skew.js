import { statistics } from './statistics.js';

/**
 * Skew (exllamav2): in descending order the running sums of probability c become c^(e^skew).
 *
 * @param {import('./chain.js').State} state
 */
export function skew(state, { options }) {
  if ((options.skew ?? 0) === 0) return;
  const power = Math.exp(options.skew);
  const { probs } = statistics(state);
  // What stands behind, summed from the end: near 1 the running sum is known best as 1 minus that.
  const behind = probs.map(() => 0);
  for (let i = probs.length - 2; i >= 0; i--) behind[i] = behind[i + 1] + probs[i + 1];
  let sum = 0;
  const raised = probs.map((p, i) => {
    sum += p;
    return power * (behind[i] < 0.5 ? Math.log1p(-behind[i]) : Math.log(sum));
  });
  state.survivors = state.survivors.map(({ id }, i) => {
    const before = i === 0 ? Number.NEGATIVE_INFINITY : raised[i - 1];
    return { id, x: raised[i] + Math.log(-Math.expm1(before - raised[i])) };
  });
  state.survivors = state.survivors.filter(({ x }) => x > Number.NEGATIVE_INFINITY);
  state.temperature = 1;
}
