import { rowGraph } from './peers/graphs.js';
import * as naive from './peers/naive.js';
import * as tuned from './peers/tuned.js';
import { softmax } from './reference.js';
import { rowImplementations } from './whole-row.js';

const TEMPERATURE = 0.8;

const at = (temperature, operation, title) => ({
  operation,
  title,
  kind: 'probs',
  answers: (data) => data.rows.map((row) => softmax(row, temperature).probs),
  logitkit: (lk, data) => rowImplementations(lk, data, lk.softmax, temperature === 1 ? {} : { temperature }),
  naive: (_, { rows }) => ({ run: (i) => naive.softmax(rows[i], temperature) }),
  tuned(_, { n, rows }) {
    const out = new Float32Array(n);
    return { run: (i) => tuned.softmax(rows[i], temperature, out) };
  },
  async onnx(host, { n, rows }) {
    const session = await host.graph(rowGraph(n, 'Softmax', temperature));
    return { async: true, run: (i) => session.run(rows[i]), dispose: session.dispose };
  },
  tfjs(host, { rows }) {
    const run = host.run((tf, x) => tf.softmax(temperature === 1 ? x : tf.mul(x, 1 / temperature)));
    return { run: (i) => run(rows[i]) };
  },
  transformers: (host, { rows }) =>
    temperature === 1
      ? { run: (i) => host.softmax(rows[i]) }
      : { run: (i) => host.softmax(rows[i].map((x) => x / temperature)) },
});

export default [at(1, 'softmax', 'softmax'), at(TEMPERATURE, 'softmax at T', `softmax, T = ${TEMPERATURE}`)];
