import { checkNumber, HIGHEST } from './check.js';
import { doubles, logits, room } from './doubles.js';
import { Law } from './law.js';
import { Rows } from './rows.js';

const NAMES = ['temperature', 'k', 'rows'];
const K = { min: 0, minOpen: true, max: HIGHEST };

/**
 * @typedef {object} BoltzmannOptions
 * @property {import('./rows.js').TemperatureOptions['temperature']} [temperature] 1
 * @property {number} [k] 1: Boltzmann's constant, energy per temperature
 * @property {number} [rows] energies is a row-major matrix of so many systems with equally many states
 */

/**
 * @template {Float32Array | number} N
 * @typedef {object} Boltzmann
 * @property {Float32Array} probs of the states
 * @property {N} meanEnergy U, in units of the energies
 * @property {N} freeEnergy F = -k T ln(sum of e^(-E / kT)) = U - T S, in units of the energies
 * @property {N} entropy S = -k sum of p ln p: nats times k
 * @property {N} heatCapacity C = dU/dT = (mean E^2 - U^2) / (k T^2), in units of k
 */

/**
 * The canonical ensemble (Boltzmann 1868, Gibbs 1902): probabilities proportional to e^(-E / kT), that is
 * softmax(-E) at the temperature kT, and what follows from them. An energy of Infinity is a state that does not exist: it
 * has probability 0 under every temperature. Computed in float64.
 *
 * T < 0 prefers high energies. Limits: at T = 0 the states of least energy share all probability, F = U and C = 0; at
 * T = ±Infinity all states are equally likely, C = 0, and F is -Infinity or Infinity unless there is one state alone.
 *
 * @example
 * boltzmann([0, 1]); // two levels
 * boltzmann([0, 1]).heatCapacity; // 0.1966
 *
 * @template {number | undefined} [R=undefined]
 * @param {Float32Array | Float64Array | readonly number[]} energies of the states
 * @param {BoltzmannOptions & { rows?: R }} [options]
 * @returns {Boltzmann<R extends number ? Float32Array : number>} numbers; with `rows` a Float32Array of them
 * @throws {LogitsError} NaN, no energies, or none below Infinity
 * @throws {TypeError | RangeError} arguments
 */
export function boltzmann(energies, options) {
  const input = new Rows('boltzmann', energies, options, NAMES, 'energies');
  const { n, rows } = input;
  const k = checkNumber('boltzmann: k', input.given.k ?? 1, K);
  const law = new Law();
  const probs = new Float32Array(n * rows);
  const found = [0, 1, 2, 3].map(() => new Float64Array(rows));
  input.numbers((r, T) => {
    const heat = k * T;
    const energy = doubles(input, r, 2);
    const logit = logits(input, r, 0);
    for (let i = 0; i < n; i++) logit[i] = -logit[i];
    const { depth, weight, total, best } = law.weigh(input, r, heat, logit, room(input, 1));
    const ground = energy[best];
    // From the preferred state's energy, so that a common offset costs no digits.
    const mean = law.expect((i) => (energy[i] === ground ? 0 : energy[i] - ground));
    const spread = law.expect((i) => (depth[i] - law.mean) * (depth[i] - law.mean));
    const work = heat === 0 || law.lnTotal === 0 ? 0 : heat * law.lnTotal;
    [ground + mean, ground - work, k * (law.lnTotal + law.mean), k * spread].forEach((value, j) => {
      found[j][r] = value;
    });
    for (let i = 0; i < n; i++) probs[r * n + i] = weight[i] / total;
    return 0;
  });
  const [meanEnergy, freeEnergy, entropy, heatCapacity] = found.map((values) =>
    input.given.rows === undefined ? values[0] : Float32Array.from(values),
  );
  return /** @type {any} */ ({ probs, meanEnergy, freeEnergy, entropy, heatCapacity });
}
