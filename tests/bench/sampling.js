/**
 * A draw as an operation of the benchmark: from its options alone follow what logitkit runs, what each peer
 * runs (where it can), and the law that every one of them must draw from.
 */
import { drawGraph } from './peers/graphs.js';
import * as naive from './peers/naive.js';
import { tunedDraw } from './peers/tuned-draws.js';
import { law, penalised } from './reference.js';
import { residentRows } from './resident.js';

const SEED = 42;
const HALF = { dtype: 'float16' };
/** Penalties: what was drawn is not recorded, so that every call sees the same history. */
const UNRECORDED = { record: false };
const UNRECORDED_HALF = { ...HALF, ...UNRECORDED };

/** As a model's host does it: the property is read for every step, since growth replaces the view. */
function sampleInPlace(sampler, options) {
  if (sampler.logits.length === 0) throw new Error('sampler.logits is detached');
  return sampler.sample(undefined, options);
}

/**
 * @param {object} spec
 * @param {string} spec.operation
 * @param {string} spec.title
 * @param {{temperature?: number, topK?: number, topP?: number, minP?: number, repetitionPenalty?: number}} spec.options
 */
export function sampling({ operation, title, options }) {
  const { temperature = 1, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 } = options;
  const penalise = repetitionPenalty !== 1;
  const historyOf = (data) => (penalise ? data.history : new Int32Array(0));
  const lawOf = (row, data) => law(penalise ? penalised(row, data.history, repetitionPenalty) : row, options);

  return {
    operation,
    title,
    kind: 'draw',
    laws: (data) => ({
      f32: data.rows.map((row) => lawOf(row, data)),
      f16: data.widened.map((row) => lawOf(row, data)),
    }),

    logitkit(lk, data) {
      const { n, rows, halves } = data;
      const open = (seed) => {
        const sampler = new lk.Sampler(n, { ...options, seed });
        if (penalise) sampler.accept(historyOf(data));
        return sampler;
      };
      const heap = open(SEED);
      const heap16 = open(SEED);
      const resident16 = open(SEED);
      const resident = rows.map((_, i) => open(SEED + i));
      const places16 = residentRows(lk, halves);
      resident.forEach((sampler, i) => {
        sampler.logits.set(rows[i]);
      });
      const all = [heap, heap16, resident16, ...resident];
      const f32 = penalise ? UNRECORDED : undefined;
      const f16 = penalise ? UNRECORDED_HALF : HALF;
      return {
        list: [
          { where: 'heap', dtype: 'f32', run: (i) => heap.sample(rows[i], f32) },
          { where: 'resident', dtype: 'f32', run: (i) => sampleInPlace(resident[i], f32) },
          { where: 'heap', dtype: 'f16', run: (i) => heap16.sample(halves[i], f16) },
          { where: 'resident', dtype: 'f16', run: (i) => resident16.sample(places16.view(i), f16) },
        ],
        /** Without recording the position stands still: checking needs another seed for every draw. */
        reseed: penalise ? (seed) => all.forEach((sampler) => void sampler.configure({ seed })) : undefined,
        dispose: () => {
          for (const sampler of all) sampler.dispose();
          places16.dispose();
        },
      };
    },

    naive: (_, { rows, history }) => ({ run: (i) => naive.draw(rows[i], { ...options, history }) }),

    tuned(_, data) {
      const draw = tunedDraw(data.n, options, historyOf(data));
      return { run: (i) => draw(data.rows[i]) };
    },

    async onnx(host, data) {
      const session = await host.graph(drawGraph(data.n, { ...options, history: historyOf(data) }));
      return {
        async: true,
        run: async (i) => Number((await session.run(data.rows[i]))[0]),
        dispose: session.dispose,
      };
    },

    tfjs(host, { rows }) {
      if (penalise || temperature !== 1 || topP < 1 || minP > 0) return null;
      const draw = host.run((tf, x) => {
        if (topK === 0) return tf.multinomial(x, 1);
        const { values, indices } = tf.topk(x, topK);
        return tf.gather(indices, tf.multinomial(values, 1));
      });
      return { run: (i) => draw(rows[i])[0] };
    },

    /** It has no top-p and no min-p: with top-k beside them it draws from another law, and says so. */
    transformers(host, data) {
      const less = topP < 1 || minP > 0;
      if (less && topK === 0) return null;
      const warped = host.warper({ temperature, repetitionPenalty, history: historyOf(data) });
      return {
        async: true,
        note: less ? 'without top-p and min-p, which it has not' : undefined,
        other: less,
        run: (i) => host.draw(warped(data.rows[i]), topK),
      };
    },
  };
}
