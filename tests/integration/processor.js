/** The logits processor through which a logitkit Sampler picks every token of transformers.js' generate(). */

import { LogitsProcessor } from '@huggingface/transformers';

const asBytes = (/** @type {Float32Array} */ a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength);

/**
 * The part of a Sampler the processor needs.
 * @typedef {object} TokenSampler
 * @property {(row: Float32Array) => number} sample
 * @property {(tokens: bigint[], options: { prompt: boolean }) => void} accept
 */

/**
 * generate() has no hook for a sampler, but processors see the row last: leaving one finite logit makes its
 * greedy choice ours. Every row is kept as it came, so that a test can play it to a second sampler.
 */
export class PickToken extends LogitsProcessor {
  /** @param {TokenSampler[]} samplers one per sequence of the batch */
  constructor(samplers) {
    super();
    this.samplers = samplers;
    /** @type {Float32Array[][]} */
    this.rows = samplers.map(() => []);
    /** @type {{ type: string, dims: number[], location: string, array: string, length: number }[]} */
    this.tensors = [];
    /** How many rows sample() changed: none. */
    this.changed = 0;
    /** Milliseconds spent in sample(). */
    this.milliseconds = 0;
  }

  /**
   * @param {bigint[][]} inputIds
   * @param {import('@huggingface/transformers').Tensor} logits
   */
  _call(inputIds, logits) {
    const data = /** @type {Float32Array} */ (logits.data);
    const vocab = data.length / this.samplers.length;
    const first = this.tensors.length === 0;
    const { type, dims, location } = logits;
    this.tensors.push({ type, dims, location, array: data.constructor.name, length: data.length });
    this.samplers.forEach((sampler, b) => {
      const row = data.subarray(b * vocab, (b + 1) * vocab);
      const copy = row.slice();
      this.rows[b].push(copy);
      if (first) sampler.accept(inputIds[b], { prompt: true });
      const start = performance.now();
      const token = sampler.sample(row);
      this.milliseconds += performance.now() - start;
      if (!asBytes(row).equals(asBytes(copy))) this.changed++;
      row.fill(-Infinity);
      row[token] = 0;
    });
    return logits;
  }
}
