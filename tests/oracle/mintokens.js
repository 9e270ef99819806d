import { positionOf } from './entries.js';

/**
 * No end of the text before minTokens tokens were produced.
 *
 * @param {import('./chain.js').State} state
 */
export function minTokens(state, { options, context }) {
  if (positionOf(context) >= (options.minTokens ?? 0)) return;
  state.survivors = state.survivors.filter(({ id }) => !options.eosTokens?.includes(id));
}
