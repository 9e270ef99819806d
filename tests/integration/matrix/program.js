/** The program that every cell of the matrix runs: what a user of the published package would write. */
import { Sampler, softmax } from 'logitkit';
import { sampleTensor } from 'logitkit/onnxruntime';
import { logitsProcessor } from 'logitkit/transformers';
import { logitProcessor } from 'logitkit/web-llm';
import { draw, OPTIONS, rows } from './draw.js';

const { length } = rows[0];

/** @param {Float32Array} logits of which one is above all others */
const picked = (logits) => logits.indexOf(0);

/** @returns {string} tokens; whether the adapters give the same, and of the same class; the bits of a softmax */
export function run() {
  const plain = draw({ Sampler });

  const sampler = new Sampler(length, OPTIONS);
  const tensors = rows.map((data) => ({ type: 'float32', dims: [1, 1, length], data }));
  const fromTensors = tensors.map((tensor) => sampleTensor(tensor, sampler)[0]);

  const llm = logitProcessor(OPTIONS);
  const fromWebLlm = rows.map((logits) => {
    const token = picked(llm.processLogits(logits.slice()));
    llm.processSampledToken(token);
    return token;
  });

  const processor = logitsProcessor(OPTIONS);
  /** @type {bigint[]} */
  const ids = [];
  const fromTransformers = rows.map((logits) => {
    const { data } = processor([ids], { type: 'float32', dims: [1, length], data: logits.slice() });
    ids.push(BigInt(picked(data)));
    return picked(data);
  });

  const same = [fromTensors, fromWebLlm, fromTransformers].every(
    (tokens) => String(tokens) === String(plain),
  );
  const one = processor.samplers[0] instanceof Sampler && llm.sampler instanceof Sampler;
  const [bits] = new Uint32Array(softmax(rows[0]).buffer, 4 * 777, 1);
  return [plain.join(' '), same ? 'same' : 'different', one ? 'one' : 'several', bits.toString(16)].join(
    ' | ',
  );
}
