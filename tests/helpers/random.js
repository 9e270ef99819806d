/**
 * A seeded generator for test data. It is deliberately not Philox: data made by the generator under test could hide
 * a fault in it.
 *
 * @param {number} seed
 * @returns {() => number} uniforms in [0, 1) with 53 bits
 */
export function random(seed) {
  let a = seed >>> 0;
  const word = () => {
    a = (a + 0x9e3779b9) >>> 0;
    let z = a;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return () => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
}

/**
 * Normal deviates by Box and Muller's method.
 *
 * @param {() => number} next
 * @returns {() => number}
 */
export function gaussian(next) {
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const held = spare;
      spare = Number.NaN;
      return held;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * Integers in [0, limit).
 *
 * @param {() => number} next
 * @param {number} limit
 */
export function below(next, limit) {
  return Math.floor(next() * limit);
}

/**
 * Shuffles in place (Fisher and Yates).
 *
 * @template {{ length: number, [i: number]: number }} T
 * @param {T} list
 * @param {() => number} next
 * @returns {T}
 */
export function shuffle(list, next) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = below(next, i + 1);
    const held = list[i];
    list[i] = list[j];
    list[j] = held;
  }
  return list;
}
