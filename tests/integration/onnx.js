/**
 * Writes an ONNX bigram language model: the logits after a token are its embedding times the head.
 * Only the protobuf messages such a graph needs are written, straight from the field numbers of onnx.proto3.
 */

const FLOAT = 1;
const INT64 = 7;
const FLOAT16 = 10;

/** @param {number} value a non-negative safe integer */
function varint(value) {
  const bytes = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** @param {number} number @param {number} value */
const integer = (number, value) => Buffer.concat([varint(number * 8), varint(value)]);

/** @param {number} number @param {Uint8Array} bytes */
const bytesField = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

/** @param {number} number @param {string} value */
const text = (number, value) => bytesField(number, Buffer.from(value));

/** @param {number} number @param {Uint8Array[]} fields */
const message = (number, ...fields) => bytesField(number, Buffer.concat(fields));

/**
 * NodeProto, as field 1 of GraphProto.
 * @param {string} type @param {string[]} inputs @param {string[]} outputs @param {Record<string, number>} integers
 */
function node(type, inputs, outputs, integers) {
  return message(
    1,
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, `${type}_${outputs[0]}`),
    text(4, type),
    ...Object.entries(integers).map(([name, value]) =>
      // AttributeProto: name, i, type INT.
      message(5, text(1, name), integer(3, value), integer(20, 2)),
    ),
  );
}

/**
 * TensorProto, as field 5 of GraphProto. raw_data is little-endian, as is every machine Node runs on.
 * @param {string} name @param {number[]} dims @param {Float32Array} data
 */
function initializer(name, dims, data) {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(5, ...dims.map((d) => integer(1, d)), integer(2, FLOAT), text(8, name), bytesField(9, raw));
}

/**
 * ValueInfoProto; a string is a symbolic dimension.
 * @param {number} number @param {string} name @param {number} type @param {(number | string)[]} dims
 */
function valueInfo(number, name, type, dims) {
  const shape = dims.map((d) => message(1, typeof d === 'number' ? integer(1, d) : text(2, d)));
  return message(number, text(1, name), message(2, message(1, integer(1, type), message(2, ...shape))));
}

/**
 * Weights uniform in [-1, 1), a pure function of seed and index: a bit mixer over a Weyl sequence.
 * @param {number} length @param {number} seed @param {number} scale
 */
export function weights(length, seed, scale) {
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let h = Math.imul(seed, 0x85ebca6b) ^ Math.imul(i + 1, 0x9e3779b9);
    h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
    h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
    h ^= h >>> 16;
    out[i] = (h / 0x80000000) * scale;
  }
  return out;
}

/**
 * @typedef {object} BigramOptions
 * @property {number} vocab
 * @property {number} width columns of the embedding: the rank of the table of logits
 * @property {number} seed
 * @property {boolean} [float16] the graph casts its logits to float16
 * @property {number} [poison] a token after which every logit is NaN
 */

/**
 * @param {BigramOptions} options
 * @returns {{ bytes: Buffer, embedding: Float32Array, head: Float32Array }} embedding is vocab × width, head width × vocab
 */
export function bigramModel({ vocab, width, seed, float16 = false, poison }) {
  // A logit is a sum of `width` products of uniforms: this scale gives it a standard deviation of about 3.
  const scale = Math.sqrt(9 / Math.sqrt(width));
  const embedding = weights(vocab * width, 2 * seed, scale);
  const head = weights(width * vocab, 2 * seed + 1, scale);
  if (poison !== undefined) embedding.fill(Number.NaN, poison * width, (poison + 1) * width);

  const product = float16 ? 'logits_float32' : 'logits';
  const graph = [
    node('Gather', ['embedding', 'input_ids'], ['hidden'], { axis: 0 }),
    node('MatMul', ['hidden', 'head'], [product], {}),
    ...(float16 ? [node('Cast', [product], ['logits'], { to: FLOAT16 })] : []),
    text(2, 'bigram'),
    initializer('embedding', [vocab, width], embedding),
    initializer('head', [width, vocab], head),
    valueInfo(11, 'input_ids', INT64, ['batch', 'sequence']),
    valueInfo(12, 'logits', float16 ? FLOAT16 : FLOAT, ['batch', 'sequence', vocab]),
  ];
  const opset = message(8, text(1, ''), integer(2, 17));
  const bytes = Buffer.concat([integer(1, 8), text(2, 'logitkit tests'), message(7, ...graph), opset]);
  return { bytes, embedding, head };
}
