import { entries } from './entries.js';
import { sequenceBias } from './sequencebias.js';

/**
 * x + b in float32; a bias of -Infinity bans whatever the logit is. The biases of sequences that the history has
 * begun count for their last tokens.
 *
 * @param {import('./chain.js').State} state
 */
export function bias(state, { options, context }) {
  const biases = new Map(entries(options.logitBias));
  for (const [id, b] of sequenceBias(options.sequenceBias, context.history ?? []))
    biases.set(id, (biases.get(id) ?? 0) + b);
  state.survivors = state.survivors
    .filter(({ id }) => biases.get(id) !== Number.NEGATIVE_INFINITY)
    .map(({ id, x }) => ({ id, x: biases.has(id) ? Math.fround(x + Math.fround(biases.get(id))) : x }));
}
