/**
 * onnxruntime-web and onnxruntime-node as a peer: each operation is a small graph, run on the CPU with
 * one thread. A call wraps the row in a tensor, runs, and reads the answer.
 */
import { onnxModel } from './onnx.js';

export const OPTIONS = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

/**
 * @param {any} ort       the imported package
 * @param {string[]} executionProviders  ['wasm'] for web, ['cpu'] for node
 */
export function onnxruntime(ort, executionProviders) {
  return {
    /** @param {import('./onnx.js').Graph} graph with one float input `x` and the output `y` */
    async graph(graph) {
      const session = await ort.InferenceSession.create(onnxModel(graph), { ...OPTIONS, executionProviders });
      const [, , dims] = graph.inputs[0];
      return {
        run: async (row) => (await session.run({ x: new ort.Tensor('float32', row, dims) })).y.data,
        dispose: () => session.release(),
      };
    },
  };
}
