/**
 * logitkit/web-llm: a Sampler picks the tokens of WebLLM (`@mlc-ai/web-llm`), which it does not import.
 *
 * WebLLM hands the logits of each step to a LogitProcessor, then applies the penalties, temperature and top_p of the
 * request on the GPU. The processor leaves one logit at 0 and puts all others so low that only that token can be drawn,
 * so leave those parameters neutral: they would cost time and change nothing.
 */
import { show, tagOf } from '../check.js';
import { Sampler } from '../index.js';
import { checkKnown, checkObject, learn, restart, unknown } from './host.js';

const HOST = 'logitkit/web-llm (WebLLM 0.2.86)';

/** What stands for "never" here: WGSL need not know infinities, and divided by 1e-6 this is still finite in float32. */
const FLOOR = -1e30;
/** At or below this a logit is masked: WebLLM's grammars write the lowest float32. */
const MASKED = -3e38;

/**
 * What WebLLM calls; assignable to its `LogitProcessor`.
 * @typedef {object} WebLlmProcessor
 * @property {(logits: Float32Array) => Float32Array} processLogits
 * @property {(token: number) => void} processSampledToken
 * @property {() => void} resetState
 * @property {Sampler | null} sampler null before the first row, unless the options had a vocabSize
 *
 * @typedef {import('../index.js').SamplerOptions & { vocabSize?: number }} WebLlmOptions
 */

/**
 * A LogitProcessor for `logitProcessorRegistry`, on the main thread or in the worker.
 *
 * A sequence begins with `resetState`, which WebLLM calls when it forgets the chat: the history is emptied and the
 * position is 0 again, under the same seed, or under a fresh one where `seed` is absent. WebLLM does not show the
 * prompt: penalties see the output only, unless you call `processor.sampler.accept(prompt, { prompt: true })`.
 *
 * @example
 * import { logitProcessor } from 'logitkit/web-llm';
 * const processor = logitProcessor({ temperature: 0.8, minP: 0.05, seed: 42 });
 * const registry = new Map([['my-model', processor]]); // CreateMLCEngine('my-model', { logitProcessorRegistry: registry })
 *
 * @param {WebLlmOptions} [options] those of a Sampler; `vocabSize`, else the length of the first row: with it all
 *   options are checked now instead of at the first token
 * @returns {WebLlmProcessor}
 * @throws {TypeError | RangeError} an unknown option, or with `vocabSize` a bad value; later, from WebLLM's own
 *   loop: what is no row of logits, a vocabulary that changes in mid-sequence, and whatever `sample` throws
 */
export function logitProcessor(options = {}) {
  const { vocabSize, ...chain } = checkObject('logitProcessor', options);
  checkKnown(chain);
  /** The token that was drawn for the last row and that WebLLM has not confirmed; -1 for none. */
  let pick = -1;
  /** Tokens of a sequence that WebLLM replays before any row has told the vocabulary. @type {number[]} */
  let early = [];

  /** @type {WebLlmProcessor} */
  const processor = {
    sampler: vocabSize === undefined ? null : new Sampler(vocabSize, chain),

    processLogits(logits) {
      const n = logits?.length;
      if (tagOf(logits) !== 'Float32Array' || n === 0) {
        throw unknown(HOST, 'processLogits to get a Float32Array of logits', show(logits));
      }
      let { sampler } = processor;
      if (sampler !== null && sampler.vocabSize !== n) {
        const begins = vocabSize === undefined && sampler.history.length === 0;
        if (!begins) throw unknown(HOST, `a row of ${sampler.vocabSize} logits as before`, show(logits));
        sampler.dispose();
        sampler = processor.sampler = null;
      }
      if (sampler === null) {
        sampler = new Sampler(n, chain);
        learn(HOST, sampler, early);
        processor.sampler = sampler;
        early = [];
      }
      const row = sampler.logits;
      for (let i = 0; i < n; i++) row[i] = logits[i] <= MASKED ? -Infinity : logits[i];
      pick = sampler.sample();
      logits.fill(FLOOR);
      logits[pick] = 0;
      return logits;
    },

    processSampledToken(token) {
      const { sampler } = processor;
      const drawn = pick;
      pick = -1;
      if (sampler === null) early.push(token);
      else if (token !== drawn) {
        if (drawn >= 0) sampler.rewind(1);
        learn(HOST, sampler, token);
      }
    },

    resetState() {
      pick = -1;
      early = [];
      if (processor.sampler !== null) restart(processor.sampler, chain);
    },
  };
  return processor;
}
