import { CHAIN } from './chain.js';
import { sampling } from './sampling.js';

export default [
  sampling({
    operation: 'penalties',
    title: 'repetition penalty over 1,000 ids, then that',
    options: { repetitionPenalty: 1.1, ...CHAIN },
  }),
];
