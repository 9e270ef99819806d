/**
 * x + b in float32; a bias of -Infinity bans whatever the logit is.
 *
 * @param {import('./chain.js').State} state
 */
export function bias(state, { options }) {
  const table = options.logitBias;
  if (!table) return;
  const entries = table instanceof Map ? [...table] : Object.entries(table).map(([id, b]) => [Number(id), b]);
  const biases = new Map(entries);
  state.survivors = state.survivors
    .filter(({ id }) => biases.get(id) !== Number.NEGATIVE_INFINITY)
    .map(({ id, x }) => ({ id, x: biases.has(id) ? Math.fround(x + Math.fround(biases.get(id))) : x }));
}
