import { positionOf } from './entries.js';
import { round } from './round.js';

/**
 * Once more than `start` tokens were produced, the end becomes likelier: x + |x| (factor^(position - start) - 1), as
 * Hugging Face's ExponentialDecayLengthPenalty.
 *
 * @param {import('./chain.js').State} state
 */
export function lengthPenalty(state, { options, context }) {
  const beyond = positionOf(context) - (options.lengthPenalty?.start ?? Number.POSITIVE_INFINITY);
  if (!(beyond > 0)) return;
  const gain = options.lengthPenalty.factor ** beyond - 1;
  state.survivors = state.survivors.map(({ id, x }) => ({
    id,
    x: options.eosTokens.includes(id) ? round(x, x + Math.abs(x) * gain) : x,
  }));
}
