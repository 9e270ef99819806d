// A Cloudflare Worker: a row of logits comes as the float32 bytes of the body, options and history in the query; the
// answer is the token and what it was drawn from. Nothing is kept between requests: the position is the history's length.
import { LogitsError, Sampler } from 'logitkit';

export default {
  /** @param {Request} request */
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    let sampler;
    try {
      const row = new Float32Array(await request.arrayBuffer());
      sampler = new Sampler(row.length, JSON.parse(searchParams.get('options') ?? '{}'));
      sampler.accept(JSON.parse(searchParams.get('history') ?? '[]'));
      const { ids, probs } = sampler.distribution(row, { top: 5 });
      const token = sampler.sample(row);
      return Response.json({
        token,
        position: sampler.position,
        top: Array.from(ids, (id, i) => [id, probs[i]]),
      });
    } catch (error) {
      const asked = [TypeError, RangeError, SyntaxError, LogitsError].some((kind) => error instanceof kind);
      return Response.json({ error: String(error) }, { status: asked ? 400 : 500 });
    } finally {
      sampler?.dispose();
    }
  },
};
