/** TensorFlow.js on its WebAssembly back end: a tensor from the row, the operation, the data back. */

/**
 * @param {any} tf    @tensorflow/tfjs-core with the back end set
 */
export function tensorflow(tf) {
  return {
    /** `build` maps the row's tensor to the result's. Data leaves outside tidy(), which would walk through it. */
    run: (build) => (row) => {
      const result = tf.tidy(() => build(tf, tf.tensor1d(row)));
      const data = result.dataSync();
      result.dispose();
      return data;
    },
  };
}
