import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LogitsError, Sampler } from '../js/index.js';
import { lawOf } from './helpers/law.js';
import { random } from './helpers/random.js';
import { normal } from './helpers/rows.js';
import { chain } from './oracle/chain.js';

const V = 40;
const ROW = normal(V, 1, 2);
const MASKED = Number.NEGATIVE_INFINITY;

/** Few tokens, so that histories repeat themselves. */
const token = fc.nat({ max: 4 });
const sequence = fc.array(token, { minLength: 1, maxLength: 4 });
const options = fc.record({
  badWords: fc.array(sequence, { maxLength: 4 }),
  noRepeatNgramSize: fc.constantFrom(0, 1, 2, 3, 4, 10, 11),
  sequenceBias: fc.array(fc.tuple(sequence, fc.constantFrom(-1.5, 0, 2, 0.1)), { maxLength: 4 }),
  dryMultiplier: fc.constantFrom(0, 0.5, -0.2),
  dryAllowedLength: fc.constantFrom(0, 1, 2, 3, 10),
  dryLastN: fc.constantFrom(-1, 0, 6),
  drySequenceBreakers: fc.array(sequence, { maxLength: 2 }),
  topK: fc.constantFrom(0, 30),
  logitBias: fc.constantFrom({}, { 0: 1, 2: -0.5 }),
});
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ accept: fc.array(token, { maxLength: 12 }), prompt: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ again: fc.nat({ max: 16 }) }) },
  { weight: 3, arbitrary: fc.record({ rewind: fc.nat({ max: 20 }) }) },
  { weight: 1, arbitrary: fc.constant({ reset: true }) },
  { weight: 2, arbitrary: fc.record({ configure: options }) },
);
/** Without a look the sampler does not see what stood there for a while. */
const step = fc.tuple(action, fc.boolean());

/** What a sampler says, and what the oracle says of the tokens that are remembered. */
function compare(sampler, settings, remembered, label) {
  let expected;
  try {
    expected = chain(ROW, settings, { history: remembered, position: 0 }).survivors.map(({ id }) => id);
  } catch {
    assert.throws(() => sampler.distribution(ROW), LogitsError, label);
    return;
  }
  const { ids, probs } = sampler.distribution(ROW);
  const fresh = lawOf(ROW, settings, { history: remembered });
  assert.deepEqual(Array.from(probs), fresh.probs, label);
  assert.deepEqual(Array.from(ids), fresh.ids, label);
  assert.deepEqual(Array.from(ids), expected, label);
}

/** Goes the steps beside a list of tokens, comparing after each. */
function walk(first, steps, maxHistory) {
  let settings = first;
  const sampler = new Sampler(V, { ...settings, maxHistory });
  let all = [];
  try {
    for (const [i, [one, look]] of steps.entries()) {
      if (one.again !== undefined) {
        const told = all.slice(-maxHistory).slice(-one.again);
        sampler.accept(told);
        all.push(...told);
      } else if (one.accept) {
        sampler.accept(one.accept, { prompt: one.prompt });
        all.push(...one.accept);
      } else if (one.reset) {
        sampler.reset();
        all = [];
      } else if (one.configure) {
        settings = one.configure;
        try {
          sampler.configure(settings);
        } catch (error) {
          assert.match(error.message, /reach back at most/);
          return;
        }
      } else {
        let n = one.rewind;
        for (; n > 0; n--) {
          try {
            sampler.rewind(n);
            break;
          } catch (error) {
            assert.ok(error instanceof RangeError);
          }
        }
        all = all.slice(0, all.length - n);
      }
      const remembered = Array.from(sampler.history);
      assert.deepEqual(remembered, all.slice(-maxHistory));
      if (look) compare(sampler, settings, remembered, `step ${i} ${JSON.stringify(settings)} ${remembered}`);
    }
  } finally {
    sampler.dispose();
  }
}

test('however a history came about, it is the same: against a fresh sampler and the oracle', () => {
  const property = fc.property(options, fc.array(step, { maxLength: 25 }), (first, steps) =>
    walk(first, steps, 100000),
  );
  fc.assert(property, { seed: 41, numRuns: 150 });
});

test('with maxHistory only what is remembered counts, also after a rewind', () => {
  const property = fc.property(options, fc.array(step, { maxLength: 40 }), (first, steps) =>
    walk(first, steps, 17),
  );
  fc.assert(property, { seed: 42, numRuns: 150 });
});

test('a long history: as many steps with it as without give the same', () => {
  const settings = { noRepeatNgramSize: 4, dryMultiplier: 0.8, maxHistory: 300 };
  const sampler = new Sampler(V, { ...settings, seed: 1 });
  const next = random(2);
  // Tokens since the last rewind: what was taken back before is not there to be taken back again.
  let done = 0;
  for (let i = 0; i < 3000; i++) {
    if (next() < 0.02) sampler.accept(sampler.history.subarray(0, 20));
    if (next() < 0.02) {
      sampler.rewind(Math.min(250, Math.floor(done * next())));
      done = 0;
    }
    done++;
    sampler.sample(ROW);
    if (i % 100 === 0) {
      const history = Array.from(sampler.history);
      const fresh = lawOf(ROW, settings, { history });
      assert.deepEqual(Array.from(sampler.distribution(ROW).probs), fresh.probs);
    }
  }
  sampler.dispose();
});

test('n-grams longer than what is indexed, among many that nearly match', () => {
  const next = random(3);
  for (let i = 0; i < 60; i++) {
    const all = Array.from({ length: 400 }, () => Math.floor(next() * 2));
    for (const maxHistory of [400, 60, 20]) {
      const settings = { noRepeatNgramSize: 9 + (i % 4) };
      const sampler = new Sampler(V, { ...settings, maxHistory });
      sampler.accept(all, { prompt: true });
      compare(sampler, settings, all.slice(-maxHistory), `${i} ${maxHistory}`);
      sampler.dispose();
    }
  }
});

test('an n-gram that begins before what is remembered is forgotten', () => {
  const settings = { noRepeatNgramSize: 12 };
  const all = Array.from({ length: 40 }, (_, i) => i % 2);
  for (const [maxHistory, kept] of [
    [12, V],
    [13, V - 1],
  ]) {
    const sampler = new Sampler(V, { ...settings, maxHistory });
    sampler.accept(all);
    compare(sampler, settings, all.slice(-maxHistory), `${maxHistory}`);
    assert.equal(sampler.distribution(ROW).ids.length, kept);
    sampler.dispose();
  }
});

test('a breaker that begins before what repeats and ends in it', () => {
  const settings = { dryMultiplier: 1, dryBase: 2, dryAllowedLength: 1, drySequenceBreakers: [[1, 2, 3]] };
  const history = [5, 3, 4, 6, 1, 2, 3, 4];
  const sampler = new Sampler(V, settings);
  sampler.accept(history);
  compare(sampler, settings, history, 'overlapping');
  const flat = sampler.distribution(new Float32Array(V));
  const [last, first] = [flat.probs[V - 1], flat.probs[0]];
  assert.equal(flat.ids[V - 1], 6);
  assert.ok(Math.abs(Math.log(first / last) - 1) < 1e-6, 'a repetition of one token');
  sampler.dispose();
});

test('the row is as it was, also after an error, and bans may name a token twice', () => {
  const everything = {
    suppressTokens: [3, 3],
    minTokens: 5,
    eosTokens: [4, 4],
    badWords: [[5], [5], [1, 6]],
    noRepeatNgramSize: 2,
    sequenceBias: [[[1, 9], MASKED]],
    dryMultiplier: 1,
    dryAllowedLength: 1,
    logitBias: { 5: 1 },
  };
  for (const more of [{}, { forcedTokens: { 0: 7 } }, { topK: 5 }]) {
    const sampler = new Sampler(V, { ...everything, ...more });
    sampler.accept([1, 5, 2, 1, 5, 1], { prompt: true });
    sampler.logits.set(ROW);
    sampler.sample(undefined, { record: false });
    assert.deepEqual(sampler.logits, ROW);
    const { ids } = sampler.distribution();
    for (const banned of [3, 4, 5, 6, 9]) assert.ok(!ids.includes(banned));
    sampler.logits.set(new Float32Array(V).fill(MASKED));
    sampler.logits[4] = 1;
    assert.throws(() => sampler.sample(), { code: 'masked', stage: 'minTokens' });
    assert.equal(sampler.logits[4], 1);
    sampler.dispose();
  }
});

test('an error names the stage that left nothing', () => {
  const only = (id) => Float32Array.from({ length: V }, (_, i) => (i === id ? 1 : MASKED));
  const stageOf = (settings, id, { history = [], mask = null } = {}) => {
    let found;
    const sampler = new Sampler(V, settings);
    sampler.accept(history, { prompt: true });
    for (const call of ['sample', 'distribution']) {
      assert.throws(
        () => sampler[call](only(id), { mask }),
        (error) => {
          found = error.stage;
          assert.ok(error instanceof LogitsError);
          assert.match(error.message, found === '' ? /banned$/ : new RegExp(`stage '${found}' left nothing`));
          return error.code === 'masked';
        },
      );
    }
    sampler.dispose();
    return found;
  };
  const rest = { temperature: 0.5, minP: 0.1, topP: 0.9 };
  for (const more of [
    {},
    { topK: 3 },
    {
      order: [
        'topK',
        'mask',
        'suppress',
        'minTokens',
        'forced',
        'badWords',
        'noRepeatNgram',
        'bias',
        'temperature',
        'minP',
        'topP',
      ],
      topK: 3,
    },
  ]) {
    const at = (settings, ...args) => stageOf({ ...rest, ...more, ...settings }, ...args);
    assert.equal(at({}, 99), '');
    assert.equal(at({}, 9, { mask: Int32Array.of(1) }), 'mask');
    assert.equal(at({ suppressTokens: [9] }, 9), 'suppress');
    assert.equal(at({ allowedTokens: [8] }, 9), 'suppress');
    assert.equal(at({ minTokens: 1, eosTokens: [9] }, 9), 'minTokens');
    assert.equal(at({ forcedTokens: { 0: 8 } }, 9), 'forced');
    assert.equal(at({ badWords: [[1, 9]] }, 9, { history: [1] }), 'badWords');
    assert.equal(at({ noRepeatNgramSize: 2 }, 9, { history: [1, 9, 1] }), 'noRepeatNgram');
    assert.equal(at({ logitBias: { 9: MASKED } }, 9), 'bias');
    assert.equal(at({ sequenceBias: [[[1, 9], MASKED]] }, 9, { history: [1] }), 'bias');
  }
});

test('masks from everywhere join: mask, allowedTokens, suppressTokens, forcedTokens', () => {
  const mask = Int32Array.of(0b1111_0000);
  const law = (settings) => lawOf(ROW, settings, { mask }).ids.toSorted((a, b) => a - b);
  assert.deepEqual(law({ allowedTokens: [1, 4, 5, 39] }), [4, 5]);
  assert.deepEqual(law({ allowedTokens: [1, 4, 5, 39], suppressTokens: [5, 6] }), [4]);
  assert.deepEqual(law({ suppressTokens: [5, 6] }), [4, 7]);
  assert.deepEqual(law({ allowedTokens: [4, 5], forcedTokens: { 0: 5 } }), [5]);
  assert.deepEqual(law({ forcedTokens: { 0: 7 } }), [7]);
  assert.throws(() => law({ forcedTokens: { 0: 8 } }), { stage: 'forced' });
  const order = ['forced', 'suppress', 'mask'];
  assert.deepEqual(law({ allowedTokens: [4, 5], forcedTokens: { 0: 5 }, order }), [5]);
  assert.throws(() => law({ allowedTokens: [4, 8], forcedTokens: { 0: 8 }, order }), { stage: 'mask' });
  // What was joined in one step must not stay for the next.
  const sampler = new Sampler(V, { allowedTokens: [1, 4, 5, 39], forcedTokens: { 1: 39 } });
  assert.equal(sampler.distribution(ROW, { mask }).ids.length, 2);
  assert.equal(sampler.distribution(ROW).ids.length, 4);
  sampler.accept(1);
  assert.deepEqual(Array.from(sampler.distribution(ROW).ids), [39]);
  sampler.accept(39);
  assert.equal(sampler.distribution(ROW).ids.length, 4);
  sampler.dispose();
});

test('16-bit rows, as their float32 values', () => {
  const bits = Uint16Array.from({ length: V }, (_, i) => 0x3f80 + 7 * i);
  const wide = Float32Array.from(bits, (b) => new Float32Array(Uint32Array.of(b << 16).buffer)[0]);
  const settings = { suppressTokens: [39], badWords: [[1, 38]], noRepeatNgramSize: 2, dryMultiplier: 1 };
  const sampler = new Sampler(V, settings);
  sampler.accept([1, 37, 2, 3, 1, 37, 2, 3, 1], { prompt: true });
  assert.deepEqual(sampler.distribution(bits, { dtype: 'bfloat16' }), sampler.distribution(wide));
  sampler.dispose();
});
