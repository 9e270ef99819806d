import { sampling } from './sampling.js';

/** What people run most. */
export const CHAIN = { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 };

export default [
  sampling({ operation: 'chain', title: 'T 0.8, top-k 40, top-p 0.95, min-p 0.05, draw', options: CHAIN }),
];
