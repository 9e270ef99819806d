/**
 * The light of a glowing body, from softmax alone. Light of one wavelength holds 0, 1, 2, … portions of the energy
 * hc / wavelength; how much it holds on average at a temperature is the mean energy of Boltzmann's distribution over
 * these levels. Times the number of ways in which light of that wavelength fits into a box, 8 pi / wavelength^4, it is
 * Planck's law (1900). Nothing here uses its closed form.
 */
import { boltzmann } from 'logitkit';

/** hc / k in micrometres times kelvin: the second radiation constant (CODATA 2018). */
const RADIATION = 14387.76877;
/** What the eye sees, in micrometres. */
export const VISIBLE = [0.38, 0.75];
const DEEP = 40; // levels that high above the ground, in units of kT, hold nothing that float64 would see
const MOST = 4096; // levels
const FEWEST = 3;

/** The mean energy of the levels 0, a, 2a, … in units of kT. @param {number} a @returns {number} */
function meanEnergy(a) {
  const count = Math.min(MOST, Math.max(FEWEST, Math.ceil(DEEP / a) + 1));
  return boltzmann(Float64Array.from({ length: count }, (_, level) => level * a)).meanEnergy;
}

/** The distance of the levels in units of kT. @param {number} wavelength in micrometres @param {number} kelvin */
const step = (wavelength, kelvin) => RADIATION / (wavelength * kelvin);

/** Power per wavelength, up to a factor that is the same for all. @param {number} wavelength @param {number} kelvin */
export function power(wavelength, kelvin) {
  if (kelvin <= 0) return 0;
  return (kelvin * meanEnergy(step(wavelength, kelvin))) / wavelength ** 4;
}

/** The area under f by trapezoids whose width grows in proportion. @param {(a: number) => number} f @param {number} from @param {number} to @param {number} parts */
function area(f, from, to, parts) {
  const ratio = Math.log(to / from) / parts;
  let sum = 0;
  for (let i = 0; i <= parts; i++) {
    const a = from * Math.exp(ratio * i);
    sum += f(a) * a * (i === 0 || i === parts ? 0.5 : 1);
  }
  return sum * ratio;
}

/** Power by the distance of levels: in this variable it has one shape for all temperatures. @param {number} a */
const shape = (a) => a * a * meanEnergy(a);

/** @type {number | undefined} */
let all;

/** The share of the power that is visible. @param {number} kelvin @returns {number} */
export function visibleShare(kelvin) {
  if (kelvin <= 0) return 0;
  all ??= area(shape, 0.02, 60, 240);
  const [blue, red] = VISIBLE.map((wavelength) => step(wavelength, kelvin));
  return red > 60 ? 0 : area(shape, red, Math.min(60, blue), 60) / all;
}

/** Where the power per wavelength is largest, in micrometres. @param {number} kelvin @returns {number} */
export function peak(kelvin) {
  let [low, high] = [4, 6]; // in units of kT; the largest value of a^4 times the mean energy lies between
  for (let i = 0; i < 60; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (a ** 4 * meanEnergy(a) < b ** 4 * meanEnergy(b)) low = a;
    else high = b;
  }
  return RADIATION / (low * kelvin);
}
