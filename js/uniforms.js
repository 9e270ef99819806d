/** Random numbers of a sampler for calls that draw beside the core. */
import { core } from './instance.js';

/**
 * The uniform numbers in [0, 1) of the next token's position, by index.
 * @param {import('./sequence.js').Parts} parts
 * @param {number} purpose LK.PURPOSE_*
 * @returns {(index: number) => number}
 */
export function uniforms({ frame, plan }, purpose) {
  const { lk_uniform: uniform } = core();
  const seed = BigInt(plan.settings.seed);
  const position = BigInt(frame.history.position);
  return (index) => uniform(seed, position, purpose, frame.stream, index);
}
