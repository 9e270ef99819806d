import { flat, normal, peaked, tied, zipf } from './rows.js';

const MASKED = Number.NEGATIVE_INFINITY;

/** Rows for every stage: like a model's, ties, offsets, masks, one token, a certain token, a tail beyond float32. */
export const ROWS = {
  peaked: peaked(1000, 1),
  flat: flat(3000, 2),
  zipf: zipf(2000, 3),
  normal: normal(65, 4, 3),
  tied: tied(300, 5),
  equal: new Float32Array(200).fill(3),
  shifted: normal(300, 6, 2).map((x) => x + 512),
  negative: normal(300, 7, 2).map((x) => x - 512),
  masked: normal(500, 8, 2).map((x, i) => (i % 3 ? x : MASKED)),
  certain: Float32Array.from({ length: 300 }, (_, i) => (i === 77 ? 200 : i / 300)),
  steep: Float32Array.from({ length: 400 }, (_, i) => -i),
  two: Float32Array.of(0.3, 1.1),
  one: Float32Array.of(-7),
};

/** Options under which a stage is tried: the whole row and a list, before and behind other stages. */
export const AROUND = [
  {},
  { topK: 50 },
  { temperature: 0.7 },
  { temperature: 1.8, topK: 200 },
  { temperature: -1 },
  { temperature: Number.POSITIVE_INFINITY },
  { topP: 0.9 },
  { topP: 0.95, topK: 100, temperature: 0.8 },
  { minKeep: 3 },
  { minKeep: 30, topK: 40 },
  { topK: 1500, minP: 0.01 },
];
