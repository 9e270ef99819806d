// wllama 2 (llama.cpp in the browser) with logitkit's samplers: it gives the probabilities of all tokens.
import { Sampler } from 'logitkit';

/**
 * @param {any} wllama of version 2, with a model loaded
 * @param {number[]} prompt tokens
 * @param {{ vocabSize: number, most: number, eos?: number, sampling?: object }} settings a repetition penalty needs logits
 *   and is refused; the frequency and presence penalties are not
 * @returns {Promise<number[]>} the tokens that follow
 */
export async function generate(wllama, prompt, { vocabSize, most, eos, sampling }) {
  const sampler = new Sampler(vocabSize, sampling);
  sampler.accept(prompt, { prompt: true });
  const tokens = [];
  await wllama.samplingInit({});
  for (let next = prompt; tokens.length < most; next = tokens.slice(-1)) {
    await wllama.decode(next, {});
    await wllama.samplingAccept(next);
    /** @type {{ token: number, p: number }[]} */
    const all = await wllama.getLogits(-1);
    const ids = all.map(({ token }) => token);
    // A log-probability is a logit but for an offset that softmax does not see. Math.log may differ between engines in
    // its last bit, so tokens are those of this engine.
    const logprobs = all.map(({ p }) => Math.log(p));
    const token = sampler.sampleFrom(ids, logprobs, { kind: 'logprobs' });
    tokens.push(token);
    if (token === eos) break;
  }
  sampler.dispose();
  return tokens;
}
