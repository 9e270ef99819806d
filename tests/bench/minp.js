import { sampling } from './sampling.js';

export default [sampling({ operation: 'minp', title: 'min-p 0.05, draw', options: { minP: 0.05 } })];
