import { statistics } from './statistics.js';

/** Survivors from which version 1 estimates the exponent of the tail. */
const M = 100;

/**
 * Mirostat (Basu et al. 2021) as llama.cpp has it: keeps what its estimate mu of the right surprise allows. Version 2
 * drops tokens of a surprise above mu bits; version 1 keeps the first k, k by a fit of Zipf's law.
 *
 * @param {import('./chain.js').State} state
 */
export function mirostat(state, { options, context, size }) {
  const version = options.mirostat ?? 0;
  if (version === 0) return;
  const mu = context.mu ?? 2 * (options.mirostatTau ?? 5);
  const { logs, logTotal } = statistics(state);
  const note = (distance) => {
    state.margin = Math.min(state.margin, Math.abs(distance));
  };
  if (version === 2) {
    state.survivors = state.survivors.filter((_, rank) => {
      const excess = mu - (logTotal - logs[rank]) / Math.LN2;
      if (rank > 0) note(excess);
      return rank === 0 || excess >= 0;
    });
  } else {
    const { k, power, s } = estimate(logs, mu, size);
    // k is e^(power / s): the smaller s, the less of power decides.
    if (s === 0) note(power);
    else if (k < state.survivors.length + 1)
      note((Math.abs(k - Math.round(k)) / Math.max(1, k)) * Math.min(1, s));
    state.survivors = state.survivors.slice(0, Math.max(1, Math.trunc(k)));
  }
}

/** How many tokens version 1 keeps, before it is cut to an integer. */
function estimate(logs, mu, size) {
  const count = Math.min(M, logs.length) - 1;
  if (count < 1) return { k: 1, power: 0, s: 1 };
  let products = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const t = Math.log((i + 2) / (i + 1));
    products += t * (logs[i] - logs[i + 1]);
    squares += t * t;
  }
  const s = products / squares;
  const e = s - 1;
  // e / (1 - size^-e), whose limit at e = 0 is 1 / ln size.
  const share = e === 0 ? 1 / Math.log(size) : e / -Math.expm1(-e * Math.log(size));
  const power = Math.log(share) + mu * Math.LN2;
  // Equally likely survivors: the limit of a power that is 1 and more, or less.
  if (s === 0) return { k: power >= 0 ? Number.POSITIVE_INFINITY : 0, power, s };
  return { k: Math.exp(power / s), power, s };
}

/**
 * mu after a token of this probability, among what was kept, was drawn.
 *
 * @param {number} mu
 * @param {number} probability
 * @param {Record<string, any>} options
 */
export function nextMu(mu, probability, { mirostatTau = 5, mirostatEta = 0.1 }) {
  return mu - mirostatEta * (-Math.log2(probability) - mirostatTau);
}
