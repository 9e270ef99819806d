import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OPTIONS, Sampler } from '../js/index.js';
import { learning, options, row } from './helpers/arbitrary.js';
import { closeTo } from './helpers/close.js';
import { toBfloat16, toFloat16 } from './helpers/half.js';
import { below, random } from './helpers/random.js';
import { peaked } from './helpers/rows.js';
import { AROUND, ROWS } from './helpers/stages.js';
import { chain, ORDERS } from './oracle/chain.js';
import { statistics } from './oracle/statistics.js';
import { uniform } from './oracle/uniform.js';

const NEAR = 1e-6;
const XTC = 1;
const ORDER = ORDERS.logitkit;
/** Stages that may remove others than the least likely. */
const PICKS = [...ORDER.slice(0, ORDER.indexOf('temperature')), 'typical', 'xtc'];

/** What the oracle says each stage leaves, by name: from chains that end behind it. */
function expected(x, given, context) {
  const all = { ...context, position: context.outputs.filter(Boolean).length };
  all.xtc =
    uniform({ seed: given.seed ?? 0, position: all.position, purpose: XTC }, 0) < (given.xtcProbability ?? 0);
  const ends = ['logits', ...ORDER, 'draw'];
  const found = new Map();
  let before = new Map();
  let margin = Number.POSITIVE_INFINITY;
  for (const [i, stage] of ends.entries()) {
    const whole = stage === 'draw';
    const state = chain(
      x,
      {
        ...given,
        xtcProbability: 0,
        transform: whole ? given.transform : 'softmax',
        order: ORDER.slice(0, i),
      },
      all,
    );
    margin = Math.min(margin, state.margin);
    const { survivors, greedy } = state;
    const logits = survivors.map(({ x: z }) => (state.temperature < 0 ? -z : z));
    const kept = greedy ? 1 : survivors.length;
    found.set(stage, {
      kept,
      mass: survivors.reduceRight((sum, { id }) => sum + (i === 0 ? 0 : before.get(id)), i === 0 ? 1 : 0),
      // Adaptive's logits are llama.cpp's but for 5; a transform's are its logarithms.
      least: whole
        ? Math.log(state.probs.at(-1))
        : Math.min(...logits.slice(0, kept)) - (stage === 'adaptive' ? 5 : 0),
      entropy: greedy ? 0 : -state.probs.reduceRight((h, p) => (p > 0 ? h + p * Math.log(p) : h), 0),
      removed: i > 0 && kept < before.size,
      reshaped: state.reshaped,
    });
    const { probs } = greedy ? { probs: [1] } : statistics(state);
    before = new Map(survivors.slice(0, kept).map(({ id }, j) => [id, probs[j]]));
    if (greedy) break;
  }
  return { found, margin };
}

/** Stages that the options switch on; those that look at the history need one. */
function activeStages(given, context) {
  const names = Object.values(OPTIONS)
    .filter(({ name, neutral }) => given[name] !== undefined && given[name] !== neutral)
    .map(({ name, stage }) => (name === 'transform' ? 'draw' : stage));
  const active = new Set(names);
  if ((given.xtcThreshold ?? 0.1) > 0.5 || !given.xtcProbability) active.delete('xtc');
  if (!given.smoothingFactor) active.delete('smoothing');
  if (!(given.dryMultiplier && context.history.length > 0)) active.delete('dry');
  if (context.history.length === 0) active.delete('penalties');
  if (context.mask) active.add('mask');
  return ['logits', ...ORDER, 'draw'].filter((name) => name === 'logits' || active.has(name));
}

/** Asserts that a trace is the oracle's. Returns false where a boundary is too near to tell. */
function agrees(x, given, context, tally) {
  const label = `n ${x.length}, ${JSON.stringify(given)}`;
  const sampler = new Sampler(x.length, { seed: 0, ...given });
  context.history.forEach((token, i) => {
    sampler.accept(token, { prompt: !context.outputs[i] });
  });
  const trace = sampler.trace(x, { mask: context.mask ?? null });
  sampler.dispose();
  const { found, margin } = expected(x, given, context);
  const stages = activeStages(given, context);
  const shown = trace.map(({ name }) => name);
  // A greedy temperature ends the chain; dry is active only where something repeats.
  const greedy = trace.at(-1).name === 'temperature' && trace.at(-1).kept === 1;
  const until = greedy ? stages.slice(0, stages.indexOf('temperature') + 1) : stages;
  assert.deepEqual(
    shown,
    until.filter((stage) => stage !== 'dry' || shown.includes('dry')),
    label,
  );
  tally.cases++;
  for (const { name: stage, kept, mass, cutoff, entropy } of trace) {
    const should = found.get(stage);
    // Skew cannot tell a token without mass from none.
    const dust = should.reshaped && Math.abs(mass - should.mass) < 1e-12;
    if ((margin <= NEAR || dust) && kept !== should.kept) {
      tally.near++;
      return;
    }
    const what = `${label}: ${stage}`;
    assert.equal(kept, should.kept, `${what}: kept`);
    const rel = should.reshaped ? 1e-4 : 2e-6;
    closeTo(mass, should.mass, { rel, abs: 1e-6 }, `${what}: mass`);
    closeTo(entropy, should.entropy, { rel, abs: should.reshaped ? 1e-4 : 1e-6 }, `${what}: entropy`);
    if (should.removed && PICKS.includes(stage)) assert.equal(cutoff, null, `${what}: cutoff`);
    // Where all weigh the same, what a stage makes of logits means nothing.
    else if (!should.reshaped || (kept > 1 && given.temperature !== Infinity)) {
      const bound = { rel, abs: should.reshaped ? 1e-3 : 0 };
      closeTo(cutoff, should.least, bound, `${what}: cutoff`);
    }
  }
}

const NONE = { history: [], outputs: [] };

test('every stage alone and beside others leaves what the oracle says', (t) => {
  const tally = { cases: 0, near: 0 };
  const stages = [
    { temperature: 0 },
    { topP: 0.6 },
    { minP: 0.02 },
    { topNSigma: 1 },
    { epsilonCutoff: 2e-3 },
    { etaCutoff: 2e-3 },
    { topA: 0.1 },
    { tailFree: 0.9 },
    { topH: 0.4 },
    { firstTokenCutoff: 0.9 },
    { pLess: true },
    { typicalP: 0.5 },
    { skew: 0.4 },
    { dynatempRange: 0.5 },
    { smoothingFactor: 0.2 },
    { xtcProbability: 1, xtcThreshold: 0.02 },
    { xtcProbability: 0.4, xtcThreshold: 0.02, seed: 3 },
    { mirostat: 1 },
    { mirostat: 2, mirostatTau: 3 },
    { adaptiveTarget: 0.3 },
    { transform: 'sparsemax' },
    { transform: 'entmax15' },
  ];
  // A fifth of all pairs for each row, another one for the next.
  Object.values(ROWS).forEach((x, r) => {
    AROUND.forEach((around, a) => {
      stages.forEach((stage, s) => {
        if ((r + a + s) % 5 === 0) agrees(x, { ...around, ...stage }, NONE, tally);
      });
    });
  });
  t.diagnostic(`${tally.cases} traces, ${tally.near} of them differ at a boundary nearer than ${NEAR}`);
  assert.ok(tally.near < tally.cases / 100);
});

test('any options at random, with a history and a mask', (t) => {
  const tally = { cases: 0, near: 0 };
  fc.assert(
    fc.property(row, options, learning, fc.nat(), fc.boolean(), (x, given, learns, bits, masked) => {
      const next = random(bits);
      const history = Array.from({ length: below(next, 12) }, () => below(next, x.length));
      const mask = masked
        ? Int32Array.from({ length: (x.length + 31) >> 5 }, () => below(next, 2 ** 32) | 0)
        : null;
      const open = x.some((z, id) => z > -Infinity && (!mask || (mask[id >> 5] >>> (id & 31)) & 1));
      fc.pre(open);
      agrees(x, { ...given, ...learns }, { history, outputs: history.map((_, i) => i > 3), mask }, tally);
    }),
    { seed: 20261120, numRuns: 400, endOnFailure: true },
  );
  t.diagnostic(`${tally.cases} traces, ${tally.near} of them differ at a boundary nearer than ${NEAR}`);
  assert.ok(tally.near < tally.cases / 20);
});

test('the last entry is distribution(): kept, and the entropy of its law', () => {
  fc.assert(
    fc.property(row, options, learning, (x, given, learns) => {
      const sampler = new Sampler(x.length, {
        ...given,
        ...learns,
        xtcProbability: given.xtcProbability ? 1 : 0,
      });
      const { ids, probs } = sampler.distribution(x);
      const { kept, entropy } = sampler.trace(x).at(-1);
      assert.equal(kept, ids.length);
      const h = -probs.reduceRight((sum, p) => (p > 0 ? sum + p * Math.log(p) : sum), 0);
      closeTo(entropy, h, { rel: 1e-5, abs: 1e-5 }, JSON.stringify(given));
      sampler.dispose();
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('without a row it is the last call: its mask, its state before, whatever came out', () => {
  fc.assert(
    fc.property(row, options, learning, fc.boolean(), (x, given, learns, record) => {
      const all = { ...given, ...learns, repetitionPenalty: 1.3, penaltyLastN: 3, maxHistory: 4 };
      const [one, two] = [new Sampler(x.length, all), new Sampler(x.length, all)];
      const mask = new Uint32Array((x.length + 31) >> 5).fill(0xffffffff);
      for (let i = 0; i < 6; i++) {
        const before = one.trace(x, { mask });
        const token = one.sample(x, { mask, record });
        assert.deepEqual(one.trace(), before);
        assert.deepEqual(one.trace(), before, 'twice');
        assert.equal(two.sample(x, { mask, record }), token, 'and nobody can tell');
        assert.deepEqual(one.history, two.history);
        assert.equal(one.position, two.position);
      }
      assert.deepEqual(one.distribution(x), two.distribution(x));
      if (record) {
        one.rewind(1);
        two.rewind(1);
        assert.equal(one.sample(x), two.sample(x), 'a rewind finds what it would have found');
      }
      one.dispose();
      two.dispose();
    }),
    { seed: 8, numRuns: 150 },
  );
});

test('rows of any kind: 16-bit, float64, from alloc, the own row', () => {
  const x = peaked(500, 3).map((z) => Math.round(z * 8) / 8);
  const sampler = new Sampler(500, { temperature: 0.7, topP: 0.8, seed: 1 });
  const plain = sampler.trace(x);
  const halves = Uint16Array.from(x, toFloat16);
  assert.deepEqual(sampler.trace(halves, { dtype: 'float16' }), plain);
  sampler.sample(halves, { dtype: 'float16' });
  assert.deepEqual(sampler.trace(), plain);
  const brains = Uint16Array.from(x, toBfloat16);
  sampler.sample(brains, { dtype: 'bfloat16' });
  assert.deepEqual(sampler.trace(), sampler.trace(brains, { dtype: 'bfloat16' }));
  assert.deepEqual(sampler.trace(Array.from(x)), plain);
  sampler.logits.set(x);
  assert.deepEqual(sampler.trace(sampler.logits), plain);
  sampler.dispose();
});

test('beside +Infinity only its equals can be drawn; there and at temperatures beyond measure cutoffs are relative', () => {
  const x = Float32Array.of(1, Infinity, 2, Infinity, -Infinity, 0.5);
  const one = new Sampler(6, { topP: 0.9, minP: 0.1 });
  for (const { kept, cutoff, entropy } of one.trace(x)) {
    assert.equal(kept, 2);
    assert.equal(cutoff, 0);
    closeTo(entropy, Math.log(2), { abs: 1e-9 }, 'two of them');
  }
  one.configure({ temperature: Infinity, topP: 1, minP: 0 });
  closeTo(one.trace(x).at(-1).entropy, Math.log(5), { rel: 1e-12 }, 'T = Infinity');
  one.configure({ temperature: 2 ** -100, topK: 3 });
  const [{ cutoff }, , top] = one.trace(Float32Array.of(1, 5, 2, 4, 3, 0));
  assert.equal(cutoff, 0);
  assert.deepEqual([top.name, top.kept, top.cutoff], ['topK', 3, -(2 ** 101)]);
  one.dispose();
});

test('errors', () => {
  const x = peaked(100, 1);
  const sampler = new Sampler(100, { seed: 1 });
  assert.throws(() => sampler.trace(), { name: 'TypeError', message: /no last call/ });
  assert.throws(() => sampler.trace(x.subarray(1)), { name: 'RangeError', message: /vocabSize = 100/ });
  assert.throws(() => sampler.trace(x, { temperature: 1 }), { name: 'TypeError', message: /unknown option/ });
  assert.throws(() => sampler.trace(x.map(() => NaN)), { name: 'LogitsError', code: 'nan' });
  assert.throws(() => sampler.trace(x, { mask: new Int32Array(4) }), { code: 'masked', stage: 'mask' });
  sampler.sample(x);
  assert.throws(() => sampler.trace(undefined, { mask: null }), { name: 'TypeError', message: /go with x/ });
  sampler.configure({ topK: 4 });
  assert.throws(() => sampler.trace(), { name: 'TypeError', message: /options were changed/ });
  sampler.accept(1);
  assert.throws(() => sampler.trace(), { name: 'TypeError', message: /no last call/ });
  assert.equal(sampler.position, 2);
  sampler.dispose();
  assert.throws(() => sampler.trace(x), /disposed/);
});

test('what +Infinity hid has no mass when a temperature reveals it', () => {
  const x = Float32Array.from({ length: 300 }, (_, id) => (id === 70 ? Infinity : Math.sin(id)));
  for (const temperature of [-1, -1e300, Infinity, -Infinity]) {
    const sampler = new Sampler(x.length, { temperature, seed: 1 });
    sampler.trace(peaked(x.length, 1)); // leaves weights of another row behind
    const [logits, tempered] = sampler.trace(x);
    assert.equal(logits.kept, 1);
    assert.equal(tempered.kept, temperature < 0 && temperature > -Infinity ? 299 : 300);
    assert.equal(tempered.mass, tempered.kept === 300 ? 1 : 0, `temperature ${temperature}`);
    sampler.dispose();
  }
  // The same behind a bias that makes the infinity.
  const biased = new Sampler(3, { temperature: Infinity, logitBias: { 1: 3e38 }, seed: 1 });
  const kept = biased.trace([0, 3e38, 1]).map((stage) => [stage.name, stage.kept, stage.mass]);
  assert.deepEqual(kept.at(-1), ['temperature', 3, 1]);
});
