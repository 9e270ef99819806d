// A language model by hand with onnxruntime-web: run the session, draw, append, repeat.
import { Sampler } from 'logitkit';
import { sampleTensorAsync } from 'logitkit/onnxruntime';
import { InferenceSession, Tensor } from 'onnxruntime-web';

/**
 * @param {Uint8Array | string} model its bytes or its URL; inputs input_ids [B, S], outputs logits [B, S, V]
 * @param {number[]} prompt tokens
 * @param {{ vocabSize: number, most: number, eos?: number, sampling?: object, session?: object }} settings
 * @returns {Promise<number[]>} the tokens that follow
 */
export async function generate(model, prompt, { vocabSize, most, eos, sampling, session: how }) {
  const session = await InferenceSession.create(/** @type {any} */ (model), how);
  const sampler = new Sampler(vocabSize, sampling);
  sampler.accept(prompt, { prompt: true });
  const ids = [...prompt];
  try {
    while (ids.length < prompt.length + most) {
      // Without a cache of keys and values the whole text goes in again; models that have one return it as `present.*`.
      const input = new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
      const { logits } = await session.run({ input_ids: input });
      const [token] = await sampleTensorAsync(/** @type {any} */ (logits), sampler);
      logits.dispose();
      ids.push(token);
      if (token === eos) break;
    }
  } finally {
    sampler.dispose();
    await session.release();
  }
  return ids.slice(prompt.length);
}
