/**
 * Logits over a whole vocabulary, made up by a formula: the page has no model. The token of rank r, counted from 0, gets
 *
 *   x(r) = lead(r) - steepness ln(1 + r / softness) + spread N
 *
 * where N is from the normal distribution; without it this is Zipf's law as Mandelbrot wrote it, which the counts of words
 * in texts follow over many powers of ten. Ranks are dealt to token ids by a shuffle, because a tokenizer's ids say
 * little about what comes next. Formula, seed and shape determine every number.
 */
import { createNormals, createUniforms } from './normals.js';

/** As many as in the vocabulary of Llama 3. */
export const VOCABULARY = 128256;

/**
 * Situations that a model is in.
 * @typedef {{title: string, text: string, steepness: number, softness: number, leads: number[]}} Shape
 */
export const SHAPES = {
  text: {
    title: 'The middle of a sentence',
    text: 'a few likely words and a long tail',
    steepness: 1.75,
    softness: 1.5,
    leads: [],
  },
  certain: {
    title: 'One right answer',
    text: 'one token far ahead',
    steepness: 1.6,
    softness: 2,
    leads: [5.5],
  },
  forked: {
    title: 'Two ways on',
    text: 'two tokens ahead of all others',
    steepness: 1.6,
    softness: 2,
    leads: [4.2, 4],
  },
  open: {
    title: 'Anything goes',
    text: 'thousands of tokens of nearly equal merit',
    steepness: 2.4,
    softness: 900,
    leads: [],
  },
};

/** @typedef {keyof typeof SHAPES} ShapeName */

export const SHAPE_NAMES = /** @type {[ShapeName, ...ShapeName[]]} */ (Object.keys(SHAPES));

const SPREAD = 0.35;
const SEED = 1n;

/** @param {ShapeName} name @returns {Float32Array} */
export function createLogits(name) {
  const { steepness, softness, leads } = SHAPES[name];
  const normal = createNormals(SEED);
  const uniform = createUniforms(SEED + 1n);
  const ids = Uint32Array.from({ length: VOCABULARY }, (_, id) => id);
  const logits = new Float32Array(VOCABULARY);
  for (let rank = 0; rank < VOCABULARY; rank++) {
    // The shuffle of Fisher and Yates, one step for each rank.
    const other = rank + Math.floor(uniform() * (VOCABULARY - rank));
    const id = ids[other];
    ids[other] = ids[rank];
    logits[id] = (leads[rank] ?? 0) - steepness * Math.log1p(rank / softness) + SPREAD * normal();
  }
  return logits;
}
