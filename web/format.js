/** Numbers as text: four significant digits, powers of ten where a plain decimal would hide or bury them. */

const DIGITS = 4;
const SUPERSCRIPTS = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
const SUBSCRIPTS = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];

/** @param {string} digits @param {string[]} glyphs */
const translate = (digits, glyphs) => digits.replace(/\d/g, (digit) => glyphs[Number(digit)]);

/** A real minus sign. @param {string} text */
const minus = (text) => text.replace('-', '\u2212');

/**
 * The parts of a number: `digits`, and `exponent` where it is written as digits × 10^exponent.
 * @param {number} value @returns {{digits: string, exponent?: number}}
 */
export function parts(value) {
  if (Number.isNaN(value)) return { digits: 'NaN' };
  if (!Number.isFinite(value)) return { digits: value > 0 ? '∞' : '\u2212∞' };
  if (value === 0) return { digits: '0' };
  const [mantissa, exponent] = value.toExponential(DIGITS - 1).split('e');
  if (Number(exponent) >= -4 && Number(exponent) < 6) {
    const places = Math.max(0, DIGITS - 1 - Number(exponent));
    return { digits: minus(value.toFixed(places)) };
  }
  return { digits: minus(mantissa), exponent: Number(exponent) };
}

/** @param {number} exponent @returns {string} ⁻⁴ for -4 */
export const superscript = (exponent) =>
  `${exponent < 0 ? '⁻' : ''}${translate(String(Math.abs(exponent)), SUPERSCRIPTS)}`;

/** @param {number} value @returns {string} as 0.004730, 403.4, 1.304×10⁵², ∞ */
export function number(value) {
  const { digits, exponent } = parts(value);
  if (exponent === undefined) return digits;
  return `${digits}×10${superscript(exponent)}`;
}

/** A number somebody typed: as short as it was. @param {number} value @returns {string} */
export function typed(value) {
  const text = String(value);
  return text.length <= 8 && !text.includes('e') && Number.isFinite(value) ? minus(text) : number(value);
}

/** @param {number} value @returns {string} 12,345 */
export const count = (value) => value.toLocaleString('en');

/** @param {number} value @returns {string} ₁₂ for 12 */
export const subscript = (value) => translate(String(value), SUBSCRIPTS);

/** @param {number} index from 0 @returns {string} x₁ for 0 */
export const name = (index) => `x${subscript(index + 1)}`;

/** @param {number} index @param {number} score @returns {string} x₃ = 6 */
export const named = (index, score) => `${name(index)} = ${typed(score)}`;

/** @param {number} value a probability @returns {string} 70.20% */
export function percent(value) {
  if (value === 0) return '0%';
  if (value < 1e-4) return `${number(value * 100)}%`;
  return `${(value * 100).toFixed(value < 0.01 ? 3 : 2)}%`;
}
