/** Writes a GGUF file of a llama with one layer and random weights, which llama.cpp loads; 182 KB. */
import { weights } from '../onnx.js';

export const GGUF_VOCABULARY = 512;
const WIDTH = 32;
const HIDDEN = 64;
const ALIGNMENT = 32;

const u32 = (/** @type {number} */ value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (/** @type {number} */ value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const f32 = (/** @type {number} */ value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
const text = (/** @type {string} */ value) =>
  Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

/** Values by the names of the format: the number of the type, then the value. */
const TYPES = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 };
const int = (/** @type {number} */ value) => [u32(TYPES.uint32), u32(value)];
const float = (/** @type {number} */ value) => [u32(TYPES.float32), f32(value)];
const string = (/** @type {string} */ value) => [u32(TYPES.string), text(value)];
const list = (/** @type {'int32' | 'string'} */ type, /** @type {any[]} */ values) => [
  u32(TYPES.array),
  u32(TYPES[type]),
  u64(values.length),
  ...values.map(type === 'string' ? text : u32),
];

/** Tokens: the letters of ASCII, fillers for the other bytes, the two that begin and end a text, fillers. */
function vocabulary() {
  const tokens = [];
  for (let id = 0; id < GGUF_VOCABULARY; id++)
    tokens.push(id > 32 && id < 127 ? String.fromCharCode(id) : `x${id}`);
  tokens[256] = '<s>';
  tokens[257] = '</s>';
  return tokens;
}

/** @returns {Buffer} */
export function ggufModel() {
  const tokens = vocabulary();
  const CONTROL = 3;
  const keys = {
    'general.architecture': string('llama'),
    'llama.context_length': int(256),
    'llama.embedding_length': int(WIDTH),
    'llama.block_count': int(1),
    'llama.feed_forward_length': int(HIDDEN),
    'llama.attention.head_count': int(2),
    'llama.attention.head_count_kv': int(2),
    'llama.attention.layer_norm_rms_epsilon': float(1e-5),
    'llama.rope.dimension_count': int(16),
    'llama.vocab_size': int(GGUF_VOCABULARY),
    'tokenizer.ggml.model': string('gpt2'),
    'tokenizer.ggml.pre': string('gpt-2'),
    'tokenizer.ggml.tokens': list('string', tokens),
    'tokenizer.ggml.token_type': list(
      'int32',
      tokens.map((token) => (token.startsWith('<') && token.length > 1 ? CONTROL : 1)),
    ),
    'tokenizer.ggml.merges': list('string', ['h e']),
    'tokenizer.ggml.bos_token_id': int(256),
    'tokenizer.ggml.eos_token_id': int(257),
  };
  /** @type {Record<string, number[]>} dimensions, the fastest first */
  const shapes = {
    'token_embd.weight': [WIDTH, GGUF_VOCABULARY],
    'output_norm.weight': [WIDTH],
    'output.weight': [WIDTH, GGUF_VOCABULARY],
    'blk.0.attn_norm.weight': [WIDTH],
    'blk.0.attn_q.weight': [WIDTH, WIDTH],
    'blk.0.attn_k.weight': [WIDTH, WIDTH],
    'blk.0.attn_v.weight': [WIDTH, WIDTH],
    'blk.0.attn_output.weight': [WIDTH, WIDTH],
    'blk.0.ffn_norm.weight': [WIDTH],
    'blk.0.ffn_gate.weight': [WIDTH, HIDDEN],
    'blk.0.ffn_up.weight': [WIDTH, HIDDEN],
    'blk.0.ffn_down.weight': [HIDDEN, WIDTH],
  };
  const infos = [];
  const data = [];
  let offset = 0;
  for (const [index, [name, dims]] of Object.entries(shapes).entries()) {
    const length = dims.reduce((a, b) => a * b);
    const values = dims.length === 1 ? new Float32Array(length).fill(1) : weights(length, index + 1, 0.8);
    infos.push(text(name), u32(dims.length), ...dims.map(u64), u32(0), u64(offset));
    data.push(Buffer.from(values.buffer));
    offset += values.byteLength; // every length here is a multiple of the alignment
  }
  const head = Buffer.concat([
    Buffer.from('GGUF'),
    u32(3),
    u64(Object.keys(shapes).length),
    u64(Object.keys(keys).length),
    ...Object.entries(keys).flatMap(([key, value]) => [text(key), ...value]),
    ...infos,
  ]);
  const padding = Buffer.alloc((ALIGNMENT - (head.length % ALIGNMENT)) % ALIGNMENT);
  return Buffer.concat([head, padding, ...data]);
}
