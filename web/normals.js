/**
 * Numbers that look random, the same for the same seed: input of figures, never a draw of a token.
 */

/** Uniform in (0, 1): Marsaglia's xorshift (2003). @param {bigint} seed */
export function createUniforms(seed) {
  let state = Number(BigInt.asUintN(32, (seed * 0x9e3779b97f4a7c15n) >> 16n)) || 1;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 2 ** 32;
  };
  for (let i = 0; i < 16; i++) uniform();
  return uniform;
}

/** From the normal distribution: Box and Muller (1958). @param {bigint} seed */
export function createNormals(seed) {
  const uniform = createUniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
