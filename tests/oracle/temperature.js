import { dynamicTemperature, llamaTemperature } from './dynatemp.js';
import { round } from './round.js';

/**
 * Weights become e^(x/T). T = 0, and any T whose reciprocal is not finite in float32, is greedy: the first survivor,
 * and no later stage. Below 0 the survivors are ranked anew, and +Infinity leaves unless it is alone.
 * llama.cpp's parameters and quotients are float32, and its T < 0 is greedy; both are part of its rules.
 *
 * @param {import('./chain.js').State} state
 */
export function temperature(state, { options, engine }) {
  let t = options.temperature ?? 1;
  const llama = engine === 'llama.cpp';
  if (options.dynatempRange > 0 && (llama || (Number.isFinite(Math.fround(1 / t)) && Number.isFinite(t)))) {
    const chosen = (llama ? llamaTemperature : dynamicTemperature)(state, options);
    if (chosen === null) return;
    t = chosen;
  }
  state.temperature = t;
  if (!Number.isFinite(Math.fround(1 / t)) || (t < 0 && llama)) {
    state.survivors = state.survivors.slice(0, 1);
    state.greedy = true;
  } else if (t < 0) {
    const finite = state.survivors.filter(({ x }) => Number.isFinite(x));
    if (finite.length) state.survivors = finite;
    state.survivors.sort((a, b) => a.x - b.x || a.id - b.id);
  } else if (llama && Number.isFinite(t)) {
    state.survivors = state.survivors.map(({ id, x }) => ({ id, x: round(x, x / Math.fround(t)) }));
    state.temperature = 1;
  }
}
