import { sampling } from './sampling.js';

export default [sampling({ operation: 'topk', title: 'top-k 40, draw', options: { topK: 40 } })];
