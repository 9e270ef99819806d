// wllama 3 (llama.cpp in the browser) with logitkit's samplers. Its completions show no row of logits, but the likeliest
// tokens with their log-probabilities: ask for one token at a time, draw from those, and go on with the one that was drawn.
// Prompts are text there, so the text is tokenised again at each step, and a token that ends within a character waits
// for the rest of it.
import { Sampler } from 'logitkit';

/**
 * @param {import('@wllama/wllama').Wllama} wllama with a model loaded
 * @param {string} prompt
 * @param {{ vocabSize: number, most: number, eos?: number, candidates?: number, sampling?: object }} settings the chain
 *   sees only so many candidates: choose as many as it could keep. A repetition penalty needs logits and is refused;
 *   the frequency and presence penalties are not, and see the tokens of the answer.
 * @returns {Promise<{ text: string, tokens: number[] }>} what follows
 */
export async function generate(wllama, prompt, { vocabSize, most, eos, candidates = 64, sampling }) {
  const sampler = new Sampler(vocabSize, sampling);
  const decoder = new TextDecoder();
  /** @type {number[]} */
  const tokens = [];
  let text = '';
  while (tokens.length < most) {
    // Neutral, so that llama.cpp's own samplers cut nothing; what it has computed stays in its cache.
    const neutral = { max_tokens: 1, temperature: 1, cache_prompt: true };
    const asked = /** @type {any} */ ({ prompt: prompt + text, logprobs: candidates, ...neutral });
    const { choices } = /** @type {any} */ (await wllama.createCompletion(asked));
    /** @type {{ id: number, bytes: number[], logprob: number }[]} */
    const top = choices[0].logprobs.content[0].top_logprobs;
    const ids = top.map(({ id }) => id);
    const logprobs = top.map(({ logprob }) => logprob);
    const token = sampler.sampleFrom(ids, logprobs, { kind: 'logprobs' });
    tokens.push(token);
    if (token === eos) break;
    text += decoder.decode(Uint8Array.from(top[ids.indexOf(token)].bytes), { stream: true });
  }
  sampler.dispose();
  return { text, tokens };
}
