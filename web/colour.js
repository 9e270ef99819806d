/**
 * The colour of light on a screen. The colour matching functions are the fits of Wyman, Sloan and Shirley 2013, "Simple
 * analytic approximations to the CIE XYZ color matching functions"; the matrix is that of sRGB (IEC 61966-2-1).
 */

/** @typedef {[number, number, number]} Triple */

/** @param {number} at @param {number} middle @param {number} below @param {number} above */
const lobe = (at, middle, below, above) =>
  Math.exp(-0.5 * ((at - middle) / (at < middle ? below : above)) ** 2);

/** @param {number} nm @returns {Triple} X, Y, Z of one wavelength in nanometres */
export const matching = (nm) => [
  1.056 * lobe(nm, 599.8, 37.9, 31) + 0.362 * lobe(nm, 442, 16, 26.7) - 0.065 * lobe(nm, 501.1, 20.4, 26.2),
  0.821 * lobe(nm, 568.8, 46.9, 40.5) + 0.286 * lobe(nm, 530.9, 16.3, 31.1),
  1.217 * lobe(nm, 437, 11.8, 36) + 0.681 * lobe(nm, 459, 26, 13.8),
];

/** @param {Triple} xyz @returns {Triple} linear, the strongest 1; colours outside the screen's reach are cut off */
function linear([x, y, z]) {
  const rgb = [
    3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
    -0.969266 * x + 1.8760108 * y + 0.041556 * z,
    0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
  ];
  const most = Math.max(...rgb, Number.MIN_VALUE);
  return /** @type {Triple} */ (rgb.map((value) => Math.max(0, value) / most));
}

/** @param {number} value */
const encode = (value) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);

/** @param {Triple} xyz @param {number} brightness from 0 to 1 @returns {string} */
export function css(xyz, brightness) {
  const channels = linear(xyz).map((value) => Math.round(255 * encode(value * brightness)));
  return `rgb(${channels.join(' ')})`;
}

/** @param {(nm: number) => number} power @returns {Triple} of all visible light */
export function total(power) {
  /** @type {Triple} */
  const sum = [0, 0, 0];
  for (let nm = 380; nm <= 750; nm += 5) {
    const weight = power(nm);
    for (const [index, value] of matching(nm).entries()) sum[index] += weight * value;
  }
  return sum;
}
