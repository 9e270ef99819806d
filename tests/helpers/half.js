/**
 * 16-bit floats, written from their definition (IEEE 754 binary16; bfloat16 as the upper half of binary32), so that
 * the conversions in the C core have something independent beside them.
 */

const scratch = new DataView(new ArrayBuffer(4));

/** @param {number} value */
function bitsOf(value) {
  scratch.setFloat32(0, value);
  return scratch.getUint32(0);
}

/**
 * @param {number} half bits of a binary16
 * @returns {number}
 */
export function fromFloat16(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * @param {number} bits bits of a bfloat16
 * @returns {number}
 */
export function fromBfloat16(bits) {
  scratch.setUint32(0, (bits << 16) >>> 0);
  return scratch.getFloat32(0);
}

/**
 * Nearest binary16, ties to even.
 *
 * @param {number} value
 */
export function toFloat16(value) {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // Spacing of the representable values around `size`: 2^-24 below the smallest normal, else 2^(e - 10).
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const step = 2 ** (exponent - 10);
  const whole = Math.floor(size / step);
  const rest = size / step - whole;
  const units = whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0);
  // Units of 1024 and more carry into the exponent by themselves.
  return sign | (units + (exponent + 14) * 1024);
}

/**
 * Nearest bfloat16, ties to even.
 *
 * @param {number} value
 */
export function toBfloat16(value) {
  if (Number.isNaN(value)) return 0x7fc0;
  const bits = bitsOf(value);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}
