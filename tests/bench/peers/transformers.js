/**
 * transformers.js as a peer: its own softmax, and its sampling step put together from the parts it
 * exports (it exports no sampler): warpers, its ONNX top-k, its softmax, a scan.
 */

/** @param {any} hub the imported package */
export function transformers(hub) {
  const tensorOf = (row) => new hub.Tensor('float32', row, [row.length]);
  return {
    softmax: (row) => hub.softmax(row),
    logSoftmax: (row) => hub.log_softmax(row),

    /** Penalty and temperature change the tensor they are given, so they get a copy, as in generate(). */
    warper({ temperature = 1, repetitionPenalty = 1, history = [] }) {
      if (temperature === 1 && repetitionPenalty === 1) return tensorOf;
      const warpers = new hub.LogitsProcessorList();
      if (repetitionPenalty !== 1) warpers.push(new hub.RepetitionPenaltyLogitsProcessor(repetitionPenalty));
      if (temperature !== 1) warpers.push(new hub.TemperatureLogitsWarper(temperature));
      const ids = [Array.from(history, BigInt)];
      return (row) => {
        const batch = new hub.Tensor('float32', row.slice(), [1, row.length]);
        return warpers(ids, batch)[0];
      };
    },

    async draw(tensor, topK) {
      const [values, ids] = await hub.topk(tensor, topK > 0 ? topK : tensor.dims[0]);
      const probs = hub.softmax(values.data);
      let left = Math.random();
      let i = 0;
      while (i < probs.length - 1 && left >= probs[i]) left -= probs[i++];
      return Number(ids.data[i]);
    },
  };
}
