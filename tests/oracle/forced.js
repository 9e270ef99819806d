import { entries, positionOf } from './entries.js';

/**
 * At a position with a forced token nothing else is left.
 *
 * @param {import('./chain.js').State} state
 */
export function forced(state, { options, context }) {
  const token = new Map(entries(options.forcedTokens)).get(positionOf(context));
  if (token !== undefined) state.survivors = state.survivors.filter(({ id }) => id === token);
}
