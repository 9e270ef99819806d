/**
 * A stand-in for WebLLM's pipeline, not WebLLM itself: that needs WebGPU and a model compiled for it. It calls a
 * LogitProcessor in the order of version 0.2.86 (sampleFromRawLogits, commitSamplerState, resetChat) and then does to the
 * logits, in float32, what the GPU does there: bias, penalties, softmax with temperature, a draw from the top p.
 */
const LOWEST = -3.4028234663852886e38;

export class FakePipeline {
  /** Output tokens since resetChat, for the penalties. */
  counts = new Map();
  /** Tokens a grammar allows at the next step; null: all. */
  allowed = null;

  /**
   * @param {{ processLogits(x: Float32Array): Float32Array, processSampledToken(t: number): void, resetState(): void }} processor
   * @param {(step: number) => Float32Array} model
   * @param {object} request its parameters
   * @param {() => number} uniform
   */
  constructor(processor, model, request, uniform) {
    this.processor = processor;
    this.model = model;
    this.request = { temperature: 1, top_p: 1, repetition_penalty: 1, logit_bias: {}, ...request };
    this.uniform = uniform;
    this.resetChat();
  }

  resetChat() {
    this.counts.clear();
    this.step = 0;
    this.processor.resetState();
  }

  /** A token that is known already: resumed generations commit them without a draw. */
  commit(token) {
    this.processor.processSampledToken(token);
    this.counts.set(token, (this.counts.get(token) ?? 0) + 1);
    this.step++;
    return token;
  }

  /** One step: prefill or decode. */
  next() {
    let logits = this.model(this.step);
    if (this.allowed) logits = logits.map((x, id) => (this.allowed.includes(id) ? x : LOWEST));
    logits = Float32Array.from(this.processor.processLogits(logits));
    const { temperature, top_p, repetition_penalty, logit_bias } = this.request;
    for (const [id, bias] of Object.entries(logit_bias)) logits[id] += bias;
    for (const id of this.counts.keys())
      logits[id] = logits[id] > 0 ? logits[id] / repetition_penalty : logits[id] * repetition_penalty;
    const scaled = logits.map((x) => x / Math.fround(Math.max(1e-6, temperature)));
    const most = scaled.reduce((a, b) => Math.max(a, b));
    const probs = Array.from(scaled, (x, id) => [Math.fround(Math.exp(x - most)), id]).sort(
      (a, b) => b[0] - a[0],
    );
    const sum = probs.reduce((total, [p]) => total + p, 0);
    let rest = this.uniform() * Math.max(top_p, 1e-5) * sum;
    const [, token] = probs.find(([p]) => {
      rest -= p;
      return rest < 0;
    });
    return this.commit(token);
  }
}
