// A sampler in a worker of its own: rows come in, tokens go out, and each row's memory goes back to whoever sent it.
import { Sampler } from 'logitkit';

/** @type {Sampler} */
let sampler;

addEventListener('message', ({ data }) => {
  try {
    if (data.vocabSize !== undefined) {
      sampler = new Sampler(data.vocabSize, data.options);
      sampler.accept(data.prompt ?? [], { prompt: true });
    } else {
      const token = sampler.sample(data.logits);
      postMessage({ token, logits: data.logits }, { transfer: [data.logits.buffer] });
    }
  } catch (error) {
    postMessage({ error });
  }
});
