/** The canonical ensemble of one system, from sums over its states; finite temperatures other than 0. */
export function boltzmann(energies, { temperature: T = 1, k = 1 } = {}) {
  const open = Array.from(energies).filter((E) => E < Infinity);
  const exponents = open.map((E) => -E / (k * T));
  const top = exponents.reduce((a, b) => Math.max(a, b));
  const sum = exponents.reduce((total, e) => total + Math.exp(e - top), 0);
  const probs = Array.from(energies, (E) => (E < Infinity ? Math.exp(-E / (k * T) - top) / sum : 0));
  const mean = (f) =>
    energies.reduce((total, E, i) => (probs[i] > 0 ? total + probs[i] * f(E, probs[i]) : total), 0);
  const meanEnergy = mean((E) => E);
  return {
    probs,
    meanEnergy,
    freeEnergy: -k * T * (top + Math.log(sum)),
    entropy: -k * mean((_, p) => Math.log(p)),
    heatCapacity: mean((E) => (E - meanEnergy) ** 2) / (k * T * T),
  };
}
