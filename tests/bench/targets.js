/**
 * What logitkit has to reach: medians as multiples of a floor, `heap` for rows on the JS heap (of copy-in
 * plus maximum), `resident` for rows in logitkit's memory (of the maximum). This table is the only place.
 */

export const VOCABULARY = 151936;
export const SMALL_VOCABULARY = 32000;

/** Engines the targets are promised on; others are measured all the same. */
export const GRADED = ['node20', 'node24', 'bun', 'chromium'];

const F32 = {
  argmax: { heap: 1.25, resident: 1.35 },
  topk: { heap: 1.35, resident: 1.55 },
  minp: { heap: 1.35, resident: 1.55 },
  chain: { heap: 1.35, resident: 1.55 },
  penalties: { heap: 1.6, resident: 1.9 },
  draw: { heap: 1.35, resident: 1.6 },
  'topp/peaked': { heap: 1.6, resident: 2.1 },
  'topp/zipf': { heap: 2.8, resident: 4.2 },
  'topp/flat': { heap: 3.2, resident: 4.5 },
  logsumexp: { heap: 3.5, resident: 6.5 },
  softmax: { heap: 5.3, resident: 9 },
  'softmax at T': { heap: 5.3, resident: 9 },
  logsoftmax: { heap: 4.8, resident: 8 },
};

/** The same draws on float16 rows, in units of the float32 floors. */
const F16 = { heap: 1, resident: 1.6 };

const SMALL = { draw: { heap: 2 }, chain: { heap: 2.4 }, topp: { heap: 2.5 } };

/** Operations whose target must hold on every shape of row; elsewhere only peaked rows are graded. */
const EVERY_SET = ['topk', 'chain', 'topp'];

/**
 * @param {{operation: string, set: string, n: number}} cell
 * @param {{where: string, dtype: string}} implementation
 * @returns {number | undefined}
 */
export function target({ operation, set, n }, { where, dtype }) {
  if (set !== 'peaked' && !EVERY_SET.includes(operation)) return undefined;
  if (n === VOCABULARY) {
    if (dtype === 'f16') return F16[where];
    return (F32[operation] ?? F32[`${operation}/${set}`])?.[where];
  }
  return n === SMALL_VOCABULARY && dtype === 'f32' ? SMALL[operation]?.[where] : undefined;
}
