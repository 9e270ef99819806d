// Several continuations of one text, and the likeliest of them: forks share the history and draw from streams of their own.

/**
 * @param {import('logitkit').Sampler} sampler that has the text in its history; it stays as it is
 * @param {(tokens: Int32Array) => Float32Array | Promise<Float32Array>} next the model: logits after these tokens
 * @param {{ n: number, most: number, eos?: number }} settings
 * @returns {Promise<{ tokens: number[], logprob: number }[]>} the likeliest first; logprob is the mean over the tokens
 */
export async function bestOf(sampler, next, { n, most, eos }) {
  const found = [];
  for (let i = 0; i < n; i++) {
    const fork = sampler.fork();
    const tokens = [];
    let sum = 0;
    while (tokens.length < most) {
      const token = fork.sample(await next(fork.history));
      tokens.push(token);
      sum += fork.last?.logprob ?? 0;
      if (token === eos) break;
    }
    fork.dispose();
    found.push({ tokens, logprob: sum / tokens.length });
  }
  return found.sort((a, b) => b.logprob - a.logprob);
}
