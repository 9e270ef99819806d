/** Ticks of logarithmic axes over many powers of ten. */
import { superscript } from '../format.js';

/** @param {number} power a power of ten @returns {string} 10⁻⁴ */
export function tenTo(power) {
  const exponent = Math.round(Math.log10(power));
  if (exponent === 0) return '1';
  return `10${superscript(exponent)}`;
}

/** Powers of ten from low to high, at most `most` of them. @param {number} low @param {number} high @param {number} most */
export function powers(low, high, most) {
  const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.max(1, Math.ceil((to - from + 1) / most));
  const ticks = [];
  for (let exponent = to; exponent >= from; exponent -= step) ticks.push(10 ** exponent);
  return ticks;
}
