import { logSumExpGraph } from './peers/graphs.js';
import * as naive from './peers/naive.js';
import * as tuned from './peers/tuned.js';
import { softmax } from './reference.js';
import { residentRows } from './resident.js';

export default [
  {
    operation: 'logsumexp',
    title: 'log-sum-exp',
    kind: 'number',
    answers: (data) => data.rows.map((row) => softmax(row).logSum),
    logitkit(lk, { rows }) {
      const { view, dispose } = residentRows(lk, rows);
      return {
        list: [
          { where: 'heap', dtype: 'f32', run: (i) => lk.logSumExp(rows[i]) },
          { where: 'resident', dtype: 'f32', run: (i) => lk.logSumExp(view(i)) },
        ],
        dispose,
      };
    },
    naive: (_, { rows }) => ({ run: (i) => naive.logSumExp(rows[i]) }),
    tuned: (_, { rows }) => ({ run: (i) => tuned.logSumExp(rows[i]) }),
    async onnx(host, { n, rows }) {
      const session = await host.graph(logSumExpGraph(n));
      return { async: true, run: async (i) => (await session.run(rows[i]))[0], dispose: session.dispose };
    },
    tfjs(host, { rows }) {
      const run = host.run((tf, x) => tf.logSumExp(x));
      return { run: (i) => run(rows[i])[0] };
    },
  },
];
