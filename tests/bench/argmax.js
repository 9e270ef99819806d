import { argmaxGraph } from './peers/graphs.js';
import * as naive from './peers/naive.js';
import * as tuned from './peers/tuned.js';
import { argmax } from './reference.js';
import { residentRows } from './resident.js';

export default [
  {
    operation: 'argmax',
    title: 'argmax',
    kind: 'token',
    answers: (data) => data.rows.map(argmax),
    logitkit(lk, { rows }) {
      const { view, dispose } = residentRows(lk, rows);
      return {
        list: [
          { where: 'heap', dtype: 'f32', run: (i) => lk.argmax(rows[i]) },
          { where: 'resident', dtype: 'f32', run: (i) => lk.argmax(view(i)) },
        ],
        dispose,
      };
    },
    naive: (_, { rows }) => ({ run: (i) => naive.argmax(rows[i]) }),
    tuned: (_, { rows }) => ({ run: (i) => tuned.argmax(rows[i]) }),
    async onnx(host, { n, rows }) {
      const session = await host.graph(argmaxGraph(n));
      return {
        async: true,
        run: async (i) => Number((await session.run(rows[i]))[0]),
        dispose: session.dispose,
      };
    },
    tfjs(host, { rows }) {
      const run = host.run((tf, x) => tf.argMax(x));
      return { run: (i) => run(rows[i])[0] };
    },
  },
];
