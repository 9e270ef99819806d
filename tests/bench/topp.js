import { sampling } from './sampling.js';

export default [sampling({ operation: 'topp', title: 'top-p 0.95, draw', options: { topP: 0.95 } })];
