import { rowGraph } from './peers/graphs.js';
import * as naive from './peers/naive.js';
import * as tuned from './peers/tuned.js';
import { softmax } from './reference.js';
import { rowImplementations } from './whole-row.js';

export default [
  {
    operation: 'logsoftmax',
    title: 'log-softmax',
    kind: 'logprobs',
    answers: (data) =>
      data.rows.map((row) => {
        const { logSum } = softmax(row);
        return Float64Array.from(row, (x) => x - logSum);
      }),
    logitkit: (lk, data) => rowImplementations(lk, data, lk.logSoftmax, {}),
    naive: (_, { rows }) => ({ run: (i) => naive.logSoftmax(rows[i]) }),
    tuned(_, { n, rows }) {
      const out = new Float32Array(n);
      return { run: (i) => tuned.logSoftmax(rows[i], out) };
    },
    async onnx(host, { n, rows }) {
      const session = await host.graph(rowGraph(n, 'LogSoftmax'));
      return { async: true, run: (i) => session.run(rows[i]), dispose: session.dispose };
    },
    tfjs(host, { rows }) {
      const run = host.run((tf, x) => tf.logSoftmax(x));
      return { run: (i) => run(rows[i]) };
    },
    transformers: (host, { rows }) => ({ run: (i) => host.logSoftmax(rows[i]) }),
  },
];
