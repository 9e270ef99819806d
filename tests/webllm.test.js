// logitkit/web-llm in WebLLM's order of calls, played by a stand-in (tests/helpers/webllm.js): whatever the request says, the
// sampler's token is the one that comes out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from 'logitkit';
import { logitProcessor } from 'logitkit/web-llm';
import { random } from './helpers/random.js';
import { normal } from './helpers/rows.js';
import { FakePipeline } from './helpers/webllm.js';

const VOCABULARY = 400;
const STEPS = 16;
const CHAIN = { temperature: 0.8, minP: 0.03, repetitionPenalty: 1.2, seed: 42 };
const model = (step) => normal(VOCABULARY, step + 1, 3);
const play = (pipeline, steps = STEPS) => Array.from({ length: steps }, () => pipeline.next());

function alone(options, allowed = null) {
  const sampler = new Sampler(VOCABULARY, options);
  return Array.from({ length: STEPS }, (_, step) =>
    sampler.sample(model(step).map((x, id) => (allowed === null || allowed.includes(id) ? x : -Infinity))),
  );
}

const REQUESTS = {
  'none of its own': {},
  'temperature 0': { temperature: 0 },
  'temperature 2 and top_p': { temperature: 2, top_p: 0.9 },
  'a repetition penalty': { repetition_penalty: 1.5 },
  'a bias': { logit_bias: { 3: 100, 4: -100 } },
};

for (const [name, request] of Object.entries(REQUESTS)) {
  test(`the request has ${name}`, () => {
    const pipeline = new FakePipeline(logitProcessor(CHAIN), model, request, random(1));
    const expected = alone(CHAIN);
    if (request.logit_bias) assert.ok(!expected.includes(3), 'the bias is not what was drawn anyway');
    assert.deepEqual(play(pipeline), expected);
    pipeline.resetChat();
    assert.deepEqual(play(pipeline), expected, 'after resetChat');
  });
}

test('without the processor the stand-in draws other tokens, which depend on the request', () => {
  const idle = { processLogits: (x) => x, processSampledToken() {}, resetState() {} };
  const first = play(new FakePipeline(idle, model, {}, random(1)));
  assert.notDeepEqual(first, alone(CHAIN));
  assert.notDeepEqual(play(new FakePipeline(idle, model, { temperature: 2 }, random(1))), first);
});

test("a grammar's mask", () => {
  const allowed = [1, 50, 51, 52, 200, 399];
  const pipeline = new FakePipeline(logitProcessor(CHAIN), model, {}, random(2));
  pipeline.allowed = allowed;
  assert.deepEqual(play(pipeline), alone(CHAIN, allowed));
});

test('a generation resumed after its tokens were committed without a draw goes on as the first', () => {
  const expected = alone(CHAIN);
  const pipeline = new FakePipeline(logitProcessor(CHAIN), model, {}, random(3));
  for (const token of expected.slice(0, 5)) pipeline.commit(token);
  assert.deepEqual(play(pipeline, STEPS - 5), expected.slice(5));
});
