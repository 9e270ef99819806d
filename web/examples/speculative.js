// Several tokens per run of the model: what followed the same words earlier in the text is a guess, and one run of the
// model checks all of it. The law of the text is the same as without guessing.

/**
 * @param {import('logitkit').Sampler} sampler that has the prompt in its history
 * @param {(tokens: Int32Array, draft: Int32Array) => Float32Array | Promise<Float32Array>} next the model: after these
 *   tokens, and after each token of the draft behind them: (draft.length + 1) rows of logits
 * @param {{ most: number, eos?: number, guess?: number }} settings
 * @returns {Promise<{ tokens: number[], runs: number }>} at least `most` tokens, unless the text ended
 */
export async function generate(sampler, next, { most, eos, guess = 8 }) {
  /** @type {number[]} */
  const tokens = [];
  let runs = 0;
  let end = -1;
  while (tokens.length < most && end < 0) {
    const draft = sampler.draft({ max: guess });
    const rows = await next(sampler.history, draft);
    runs++;
    const { tokens: more } = sampler.verify(draft, null, rows);
    end = eos === undefined ? -1 : more.indexOf(eos);
    tokens.push(...(end < 0 ? more : more.subarray(0, end + 1)));
    // What was verified behind the end is no part of the text.
    if (end >= 0) sampler.rewind(more.length - end - 1);
  }
  return { tokens, runs };
}
