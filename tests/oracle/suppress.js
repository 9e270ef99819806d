/**
 * Bans suppressTokens, and with allowedTokens everything else than those.
 *
 * @param {import('./chain.js').State} state
 */
export function suppress(state, { options }) {
  const banned = new Set(options.suppressTokens ?? []);
  const allowed = options.allowedTokens && new Set(options.allowedTokens);
  state.survivors = state.survivors.filter(({ id }) => !banned.has(id) && (!allowed || allowed.has(id)));
}
