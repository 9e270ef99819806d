import { round } from './round.js';

/**
 * How often each token stands among the last `penaltyLastN` of the history (-1: all of it, 0: none), counting all of
 * them or only those that the model produced.
 */
function counts(options, context, scope) {
  const lastN = options.penaltyLastN ?? -1;
  const history = context.history ?? [];
  const from = lastN < 0 ? 0 : Math.max(0, history.length - lastN);
  const table = new Map();
  for (let i = from; i < history.length; i++) {
    if (scope === 'output' && !context.outputs?.[i]) continue;
    table.set(history[i], (table.get(history[i]) ?? 0) + 1);
  }
  return table;
}

/**
 * Once per distinct token seen: x > 0 ? x / r : x r; then minus c f + q.
 *
 * @param {import('./chain.js').State} state
 */
export function penalties(state, { options, context }) {
  const r = options.repetitionPenalty ?? 1;
  const f = options.frequencyPenalty ?? 0;
  const q = options.presencePenalty ?? 0;
  const repeated = counts(options, context, options.repetitionScope ?? 'all');
  const frequent = counts(options, context, options.frequencyScope ?? 'all');
  state.survivors = state.survivors.map(({ id, x }) => {
    let y = x;
    if (repeated.has(id)) y = y > 0 ? y / r : y * r;
    if (frequent.has(id)) y -= frequent.get(id) * f + q;
    return { id, x: round(x, y) };
  });
}
