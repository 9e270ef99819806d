import { test } from 'node:test';
import { logSoftmax, logSumExp, softmax } from '../js/index.js';
import { close, closeTo } from './helpers/close.js';
import { decode, golden } from './helpers/golden.js';
import * as oracle from './oracle/softmax.js';

const BOUND = { rel: 1e-6, abs: 1e-7 };
const EXACT = { rel: 1e-11, abs: 1e-15 };

const { engine, rows, cases } = golden('torch.json');

for (const one of cases) {
  const { temperature } = one;
  test(`${one.row}, T ${temperature}, as ${engine}`, () => {
    const row = rows[one.row];
    for (const [functions, bound] of [
      [oracle, EXACT],
      [{ softmax, logSoftmax, logSumExp }, BOUND],
    ]) {
      close(functions.softmax(row, { temperature }), decode(one.softmax, Float64Array), bound, 'softmax');
      close(
        functions.logSoftmax(row, { temperature }),
        decode(one.logSoftmax, Float64Array),
        bound,
        'logSoftmax',
      );
      closeTo(functions.logSumExp(row, { temperature }), one.logSumExp, bound, 'logSumExp');
    }
  });
}
