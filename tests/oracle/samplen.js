import { law } from './chain.js';
import { drawer, noise } from './draw.js';
import { descending } from './rank.js';
import { uniform } from './uniform.js';

/** The purposes of the noise without replacement, and of the seeds of draws with replacement. */
const WITHOUT = 4;
const KEY = 6;

/**
 * n independent draws: draw i with the seed of two words, uniforms 2 i and 2 i + 1.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options
 * @param {{ seed: number | bigint, position: number }} address
 * @param {number} n
 */
export function independent(row, options, address, n) {
  const draw = drawer(row, options);
  return Array.from({ length: n }, (_, i) => {
    const word = (j) => BigInt(Math.floor(uniform({ ...address, purpose: KEY }, 2 * i + j) * 2 ** 32));
    return draw({ ...address, seed: (word(1) << 32n) | word(0) });
  });
}

/** All tokens that can be drawn in the order of ln p + Gumbel noise. */
export function distinct(row, options, address) {
  const scores = Array.from(law(row, options), (p, id) =>
    p > 0 ? Math.log(p) + noise({ ...address, purpose: WITHOUT }, id) : Number.NEGATIVE_INFINITY,
  );
  const ids = descending(scores).filter((id) => scores[id] > Number.NEGATIVE_INFINITY);
  return { ids, scores: ids.map((id) => scores[id]) };
}
