/**
 * Those at least minP as likely as the first, compared as x >= max + T ln minP, and no fewer than minKeep.
 *
 * @param {import('./chain.js').State} state
 */
export function minP(state, { options }) {
  const p = options.minP ?? 0;
  const t = state.temperature;
  if (p <= 0 || !Number.isFinite(t)) return;
  const best = state.survivors[0].x;
  if (!Number.isFinite(best)) {
    state.survivors = state.survivors.filter(({ x }, rank) => x === best || rank < (options.minKeep ?? 1));
    return;
  }
  // Above 0 when the token is in: by how many nats it clears the bound.
  const excess = ({ x }) => (x - best) / t - Math.log(p);
  state.survivors = state.survivors.filter((s, rank) => {
    // A token exactly as likely as the best is in for every minP, without any rounding.
    if (s.x !== best) state.margin = Math.min(state.margin, Math.abs(excess(s)));
    return rank < (options.minKeep ?? 1) || s.x === best || excess(s) >= 0;
  });
}
