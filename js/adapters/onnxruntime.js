/**
 * logitkit/onnxruntime: from the logits that a session of ONNX Runtime gives (onnxruntime-web, -node, -react-native) to
 * tokens. It does not import any of them.
 */
import { checkNames, show, tagOf } from '../check.js';
import { drawRows, unknown } from './host.js';

const HOST = 'logitkit/onnxruntime (ONNX Runtime 1.30, 1.31)';

/** Which arrays hold the elements of a tensor. @type {Readonly<Record<string, readonly string[]>>} */
const ARRAYS = { float32: ['Float32Array'], float16: ['Float16Array', 'Uint16Array'] };

/**
 * What is read of a tensor.
 * @typedef {object} Logits
 * @property {string} type
 * @property {readonly number[]} dims [V], [B, V] or [B, S, V]
 * @property {string} [location]
 * @property {any} data
 * @property {(releaseData?: boolean) => Promise<any>} [getData]
 *
 * @typedef {object} TensorOptions
 * @property {readonly number[]} [positions] of [B, S, V]: which of the S rows of each sequence to draw from; the last
 *   ones, as batches padded on the left need it
 * @property {boolean} [record] as of `sample`: true
 *
 * @typedef {import('../index.js').Sampler} Sampler
 */

/**
 * One token per sequence, from a tensor on the CPU.
 *
 * A float16 tensor is read as it is, from a Float16Array or, where the runtime has none, a Uint16Array. Rows may be longer
 * than a sampler's vocabulary: models pad it, and what lies behind it is never drawn.
 *
 * @example
 * import { sampleTensor } from 'logitkit/onnxruntime';
 * const logits = { type: 'float32', dims: [1, 2, 4], data: new Float32Array(8) }; // of: await session.run(feeds)
 * const [token] = sampleTensor(logits, new Sampler(4, { seed: 1 }));
 *
 * @param {Logits} tensor
 * @param {Sampler | readonly Sampler[]} samplers one per sequence
 * @param {TensorOptions} [options]
 * @returns {Int32Array} a token per sequence. If one cannot be drawn, none is, and the error names its `row`
 * @throws {TypeError} another type, rank or device than ONNX Runtime is known to give, `sampleTensorAsync` is named
 *   where it would help; what is no Sampler; an unknown option
 * @throws {RangeError} samplers or positions do not fit the dims; rows shorter than the vocabulary
 * @throws {import('../index.js').LogitsError} as `sample`
 */
export function sampleTensor(tensor, samplers, options) {
  const location = tensor?.location ?? 'cpu';
  if (location !== 'cpu' && location !== 'cpu-pinned') {
    throw unknown(HOST, 'a tensor on the CPU (sampleTensorAsync fetches one from elsewhere)', show(location));
  }
  return draw(tensor, tensor?.data, samplers, options);
}

/**
 * `sampleTensor` for a tensor on any device: what lies on the GPU is fetched, not released.
 *
 * @param {Logits} tensor
 * @param {Sampler | readonly Sampler[]} samplers
 * @param {TensorOptions} [options]
 * @returns {Promise<Int32Array>}
 */
export async function sampleTensorAsync(tensor, samplers, options) {
  if (typeof tensor?.getData !== 'function') return sampleTensor(tensor, samplers, options);
  return draw(tensor, await tensor.getData(), samplers, options);
}

/**
 * @param {Logits} tensor
 * @param {any} data its elements
 * @param {Sampler | readonly Sampler[]} given
 * @param {TensorOptions} [options]
 */
function draw(tensor, data, given, options = {}) {
  checkNames('sampleTensor', options, ['positions', 'record']);
  const { positions, record } = options;
  const arrays = Object.hasOwn(ARRAYS, String(tensor?.type)) ? ARRAYS[tensor.type] : [];
  if (!arrays.includes(tagOf(data))) {
    throw unknown(
      HOST,
      'logits of type float32 (Float32Array) or float16 (Float16Array, Uint16Array)',
      `${show(tensor?.type)} (${show(data)})`,
    );
  }
  const dims = Array.isArray(tensor.dims) ? tensor.dims : [];
  const width = dims.at(-1) ?? 0;
  const rank = dims.length;
  const count = rank > 1 ? dims[0] : 1;
  const steps = rank === 3 ? dims[1] : 1;
  if (rank < 1 || rank > 3 || count < 1 || steps < 1 || width < 1 || data.length !== count * steps * width) {
    throw unknown(
      HOST,
      'dims [V], [B, V] or [B, S, V] that fit the data',
      `[${dims.join(', ')}] and ${show(data)}`,
    );
  }
  const samplers = Array.isArray(given) ? given : [given];
  const stranger = samplers.find((sampler) => typeof sampler?.sample !== 'function');
  if (samplers.includes(stranger)) {
    throw new TypeError(
      `sampleTensor: samplers must be a Sampler or an array of them, got ${show(stranger)}`,
    );
  }
  const { vocabSize } = samplers[0] ?? { vocabSize: 0 };
  if (samplers.length !== count || width < vocabSize) {
    throw new RangeError(
      `${HOST}: dims [${dims.join(', ')}] need ${count} samplers of at most ${width} tokens, got ${samplers.length} of ${vocabSize}`,
    );
  }
  if (positions !== undefined && (tagOf(positions) === '' || positions.length !== count)) {
    const Kind = tagOf(positions) === '' ? TypeError : RangeError;
    throw new Kind(
      `${HOST}: positions must be an array of ${count}, one per sequence, got ${show(positions)}`,
    );
  }
  const from = (/** @type {number} */ b) => {
    const step = positions === undefined ? steps - 1 : positions[b];
    if (!(Number.isInteger(step) && step >= 0 && step < steps)) {
      throw new RangeError(
        `${HOST}: positions[${b}] must be an integer in [0, ${steps - 1}], got ${show(step)}`,
      );
    }
    return (b * steps + step) * width;
  };
  let rows = data.subarray(from(0), from(0) + vocabSize);
  if (count > 1) {
    rows = new data.constructor(count * vocabSize);
    for (let b = 0; b < count; b++) rows.set(data.subarray(from(b), from(b) + vocabSize), b * vocabSize);
  }
  const dtype = tagOf(data) === 'Uint16Array' ? 'float16' : undefined;
  return drawRows(rows, samplers, { dtype, record });
}
