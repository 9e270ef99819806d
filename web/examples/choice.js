// One of several answers and nothing else: at each step a bitmask allows the tokens by which one of them can go on.
import { Sampler } from 'logitkit';

/**
 * @param {(tokens: number[]) => Float32Array | Promise<Float32Array>} next the model: logits after these tokens
 * @param {number[]} prompt
 * @param {number[][]} choices the tokens of each answer, ended by the token that ends a text, so that none begins another
 * @param {object} [options] of a Sampler
 * @returns {Promise<number>} which one
 */
export async function choose(next, prompt, choices, options) {
  let open = choices.map((_, i) => i);
  const tokens = [...prompt];
  /** @type {Sampler | undefined} */
  let sampler;
  for (let at = 0; open.length > 1; at++) {
    if (open.some((i) => at === choices[i].length)) throw new RangeError('one of the choices begins another');
    const logits = await next(tokens);
    if (sampler === undefined) {
      sampler = new Sampler(logits.length, options);
      sampler.accept(prompt, { prompt: true });
    }
    const mask = new Int32Array(Math.ceil(logits.length / 32));
    for (const i of open) mask[choices[i][at] >> 5] |= 1 << (choices[i][at] & 31);
    const token = sampler.sample(logits, { mask });
    tokens.push(token);
    open = open.filter((i) => choices[i][at] === token);
  }
  sampler?.dispose();
  return open[0];
}
