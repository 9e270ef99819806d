/** Writes a folder that transformers.js loads as a language model: configuration, tokenizer and ONNX graph. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigramModel } from './onnx.js';

export const BOS = 256;
export const EOS = 257;
/** A token id of a whole word rather than a byte starts here; its text is " w" and its id. */
const FIRST_WORD = 258;

/** The printable stand-in of each byte in byte-level BPE files: itself where visible, else a code point from 256 on. */
function byteCharacters() {
  const out = [];
  let hidden = 0;
  for (let byte = 0; byte < 256; byte++) {
    const visible = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    out.push(String.fromCodePoint(visible ? byte : 256 + hidden++));
  }
  return out;
}

/** @param {number} vocab */
function tokenizer(vocab) {
  const bytes = byteCharacters();
  const special = { '<|bos|>': BOS, '<|eos|>': EOS };
  /** @type {Record<string, number>} */
  const ids = { ...Object.fromEntries(bytes.map((c, i) => [c, i])), ...special };
  for (let id = FIRST_WORD; id < vocab; id++) ids[`${bytes[32]}w${id}`] = id;
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: Object.entries(special).map(([content, id]) => ({ id, content, ...flags })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      vocab: ids,
      merges: [],
    },
  };
}

/**
 * @typedef {object} Model
 * @property {string} name its folder below the root
 * @property {'fp32' | 'fp16'} dtype
 * @property {number} vocab
 * @property {(token: number) => Float64Array} logitsAfter the row the graph should give, multiplied out here in float64
 */

/**
 * @param {string} root a folder of models
 * @param {string} name
 * @param {import('./onnx.js').BigramOptions} options
 * @returns {Model}
 */
export function writeModel(root, name, options) {
  const { vocab, width, float16 = false } = options;
  const { bytes, embedding, head } = bigramModel(options);
  const ids = { bos_token_id: BOS, eos_token_id: EOS };
  /** @type {Record<string, object>} */
  const files = {
    'config.json': {
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      vocab_size: vocab,
      n_embd: width,
      n_head: 1,
      n_layer: 1,
      n_positions: 1024,
      ...ids,
    },
    'generation_config.json': ids,
    'tokenizer.json': tokenizer(vocab),
    'tokenizer_config.json': {
      tokenizer_class: 'GPT2Tokenizer',
      bos_token: '<|bos|>',
      eos_token: '<|eos|>',
      pad_token: '<|eos|>',
      model_max_length: 1024,
      chat_template: '{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}',
    },
  };
  const folder = join(root, name);
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(folder, file), JSON.stringify(content));
  writeFileSync(join(folder, 'onnx', float16 ? 'model_fp16.onnx' : 'model.onnx'), bytes);

  return {
    name,
    dtype: float16 ? 'fp16' : 'fp32',
    vocab,
    logitsAfter(token) {
      const row = new Float64Array(vocab);
      for (let d = 0; d < width; d++) {
        const h = embedding[token * width + d];
        for (let v = 0; v < vocab; v++) row[v] += h * head[d * vocab + v];
      }
      return row;
    },
  };
}
