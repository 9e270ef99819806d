/** Tokens from rows that every engine computes alike. It names nothing outside itself: its text is a classic script, too. */

const VOCABULARY = 32000;
const STEPS = 24;
export const OPTIONS = { temperature: 0.8, topK: 40, topP: 0.95, repetitionPenalty: 1.1, seed: 42 };

/** Logits that need no function whose last bit an engine may choose. */
export const rows = Array.from({ length: STEPS }, (_, step) => {
  const logits = new Float32Array(VOCABULARY);
  let state = 12345 + step;
  for (let i = 0; i < VOCABULARY; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    logits[i] = state / 2 ** 28 - 8;
  }
  return logits;
});

/** @param {{ Sampler: new (n: number, options: object) => { sample(row: Float32Array): number } }} library */
export function draw({ Sampler }) {
  const sampler = new Sampler(VOCABULARY, OPTIONS);
  return rows.map((logits) => sampler.sample(logits));
}
