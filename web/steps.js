/**
 * The steps of softmax as a textbook writes them, for showing where they break. Nothing here computes a probability
 * that the page presents as one: those come from logitkit.
 */

/** The reach of float32: the largest finite value and the smallest that keeps all its digits. */
export const LARGEST = (2 - 2 ** -23) * 2 ** 127;
export const SMALLEST = 2 ** -126;

/** The scores between which e^x is inside that reach. */
export const REACH = [Math.log(SMALLEST), Math.log(LARGEST)];

/** What float32 keeps of a value, with everything below its smallest normal number as 0, as logitkit has it. */
export function single(/** @type {number} */ value) {
  const rounded = Math.fround(value);
  return Math.abs(rounded) < SMALLEST ? 0 : rounded;
}

/** @param {readonly number[]} scores @returns {number[]} e^x of each */
export const powers = (scores) => scores.map(Math.exp);

/** @param {readonly number[]} scores @param {number} by @returns {number[]} */
export const shift = (scores, by) => scores.map((score) => score - by);

/** Each over the sum of all: NaN if that is 0. @param {readonly number[]} values @returns {number[]} */
export function share(values) {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

/** Powers over their sum in float32, without the shift: NaN as soon as one of them overflows. @param {number[]} scores */
export function divideUnshifted(scores) {
  const kept = powers(scores).map(single);
  const total = kept.reduce((sum, value) => Math.fround(sum + value), 0);
  return kept.map((value) => single(value / total));
}
