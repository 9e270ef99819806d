/** transformers.js without a network, and the ways the tests let it generate. */

import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  LogitsProcessorList,
  random,
} from '@huggingface/transformers';
import { PickToken } from './processor.js';

/** Every request anything in this process tried to make: it must stay empty. */
export const requests = /** @type {string[]} */ ([]);

/** @param {any} target @returns {Promise<never>} */
async function refuse(target) {
  requests.push(String(target?.url ?? target));
  throw new Error(`a request left the machine: ${requests.at(-1)}`);
}

/** @param {string} models the folder of models; nothing else may be read, nothing cached */
export function offline(models) {
  globalThis.fetch = refuse;
  Object.assign(env, {
    fetch: refuse,
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: `${models}/`,
    useFSCache: false,
    useBrowserCache: false,
    useWasmCache: false,
  });
}

/** How a model is loaded here: one thread, so that timings compare. */
export const loading = (/** @type {'fp32' | 'fp16'} */ dtype) => ({
  dtype,
  device: /** @type {'cpu'} */ ('cpu'),
  session_options: { intraOpNumThreads: 1 },
});

export class Client {
  /** @param {import('./model.js').Model} model @param {any} tokenizer @param {any} lm */
  constructor(model, tokenizer, lm) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.lm = lm;
  }

  /** @param {import('./model.js').Model} model */
  static async load(model) {
    const tokenizer = await AutoTokenizer.from_pretrained(model.name);
    const lm = await AutoModelForCausalLM.from_pretrained(model.name, loading(model.dtype));
    return new Client(model, tokenizer, lm);
  }

  /**
   * @param {string | string[]} prompt prompts of a batch must be equally long
   * @param {object} settings generate()'s own
   */
  async generate(prompt, settings) {
    const prompts = [prompt].flat();
    const inputs = this.tokenizer(prompts);
    const start = performance.now();
    const output = await this.lm.generate({ ...inputs, ...settings });
    const milliseconds = performance.now() - start;
    /** @type {bigint[][]} */
    const before = inputs.input_ids.tolist();
    /** @type {number[][]} */
    const tokens = output.tolist().map((/** @type {bigint[]} */ ids, /** @type {number} */ b) => {
      return ids.slice(before[b].length).map(Number);
    });
    return {
      prompts: before,
      tokens,
      texts: /** @type {string[]} */ (this.tokenizer.batch_decode(output, { skip_special_tokens: true })),
      milliseconds,
    };
  }

  /**
   * transformers.js by itself, from a known state of its generator.
   * @param {string} prompt @param {object} settings
   */
  async alone(prompt, settings) {
    random.seed(42);
    const { tokens, texts, milliseconds } = await this.generate(prompt, settings);
    return { tokens: tokens[0], text: texts[0], milliseconds };
  }

  /**
   * The samplers pick every token; do_sample false is what lets them.
   * @param {string | string[]} prompt @param {any[]} samplers @param {object} settings
   */
  async pick(prompt, samplers, settings) {
    const picker = new PickToken(samplers);
    const logits_processor = new LogitsProcessorList();
    logits_processor.push(picker);
    const result = await this.generate(prompt, { ...settings, do_sample: false, logits_processor });
    return { ...result, picker };
  }
}
