import { sampling } from './sampling.js';

export default [sampling({ operation: 'draw', title: 'draw from the whole softmax', options: {} })];
