// A chat with transformers.js whose tokens logitkit draws: in Node, in a page, in a worker.
import { AutoModelForCausalLM, AutoTokenizer, TextStreamer } from '@huggingface/transformers';
import { logitsProcessor } from 'logitkit/transformers';

/**
 * @param {string} name of a model on the Hub, or in env.localModelPath
 * @param {object} sampling options of a Sampler
 * @param {object} [loading] of from_pretrained: dtype, device
 */
export async function openChat(name, sampling, loading) {
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModelForCausalLM.from_pretrained(name, loading);
  const processor = logitsProcessor(sampling);
  /** @type {{ role: string, content: string }[]} */
  const messages = [];

  /**
   * @param {string} content what the user says
   * @param {(text: string) => void} write is called with the answer as it grows
   * @param {number} [most] tokens of the answer
   */
  return async function ask(content, write, most = 256) {
    messages.push({ role: 'user', content });
    const inputs = /** @type {any} */ (
      tokenizer.apply_chat_template(messages, { add_generation_prompt: true, return_dict: true })
    );
    let answer = '';
    const streamer = new TextStreamer(tokenizer, {
      skip_prompt: true,
      skip_special_tokens: true,
      callback_function: (text) => {
        answer += text;
        write(text);
      },
    });
    await model.generate({ ...inputs, streamer, ...processor.settings({ max_new_tokens: most }) });
    messages.push({ role: 'assistant', content: answer });
    // How sure the model was: the mean log-probability of the tokens that were drawn.
    const [chosen] = processor.chosen;
    return { answer, logprob: chosen.reduce((sum, step) => sum + step.logprob, 0) / chosen.length };
  };
}
