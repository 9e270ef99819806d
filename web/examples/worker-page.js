// The page's side of worker.js.

export class RemoteSampler {
  /** @type {{ resolve: (answer: any) => void, reject: (error: unknown) => void }[]} */
  #waiting = [];

  /** @param {Worker} worker @param {number} vocabSize @param {object} options @param {number[]} [prompt] */
  constructor(worker, vocabSize, options, prompt) {
    this.worker = worker;
    worker.onmessage = ({ data }) => {
      const { resolve, reject } = /** @type {any} */ (this.#waiting.shift());
      if (data.error) reject(data.error);
      else resolve(data);
    };
    worker.postMessage({ vocabSize, options, prompt });
  }

  /**
   * @param {Float32Array} logits handed over: use the one that comes back
   * @returns {Promise<{ token: number, logits: Float32Array }>}
   */
  sample(logits) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.worker.postMessage({ logits }, [logits.buffer]);
    });
  }
}

/** A worker from the file beside this one, as bundlers recognise it. */
export const startWorker = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
