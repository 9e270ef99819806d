import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alloc, free, Sampler } from '../js/index.js';
import { toFloat16 } from './helpers/half.js';
import { below, random } from './helpers/random.js';
import { normal, peaked } from './helpers/rows.js';
import { verify } from './oracle/verify.js';

const NEAR = 1e-6;
const N = 40;
const MASKED = Number.NEGATIVE_INFINITY;

/** Rows one behind the other. */
function matrix(rows) {
  const all = new Float32Array(rows.length * rows[0].length);
  rows.forEach((row, i) => {
    all.set(row, i * row.length);
  });
  return all;
}

/** k rows of probabilities, some of them 0, and a token for each that is not. */
function drafts(k, n, next) {
  const qs = Array.from({ length: k }, () => {
    const weights = Float64Array.from({ length: n }, () => (next() < 0.3 ? 0 : next() ** 4));
    weights[below(next, n)] = 1;
    const total = weights.reduce((a, b) => a + b, 0);
    return Float32Array.from(weights, (w) => w / total);
  });
  const draft = qs.map((q) => {
    let token = below(next, n);
    while (q[token] === 0) token = below(next, n);
    return token;
  });
  return { qs, draft };
}

/** What a sampler is in, as far as it shows. */
const stateOf = (sampler, row) => ({
  history: Array.from(sampler.history),
  position: sampler.position,
  last: sampler.last,
  law: sampler.distribution(row),
});

const OPTIONS = [
  {},
  { topK: 8, temperature: 0.8 },
  { topP: 0.7 },
  { presencePenalty: 1.5, repetitionPenalty: 1.3 },
  { noRepeatNgramSize: 2, topK: 20 },
  { forcedTokens: { 1: 3, 4: 5 } },
  { xtcProbability: 0.5, xtcThreshold: 0.05 },
  { method: 'gumbel', minP: 0.05 },
  { temperature: 0 },
  { temperature: -1, topK: 10 },
];

test('token by token as the papers have it', (t) => {
  const next = random(3);
  let accepted = 0;
  let all = 0;
  let near = 0;
  for (const options of OPTIONS) {
    for (let seed = 0; seed < 30; seed++) {
      const sampler = new Sampler(N, { ...options, seed });
      const history = [];
      for (let step = 0; step < 3; step++) {
        const k = below(next, 5);
        const rows = Array.from({ length: k + 1 }, (_, i) => normal(N, 100 * seed + 10 * step + i, 1.5));
        const { qs, draft } = drafts(k, N, next);
        const certain = seed % 3 === 0;
        const address = { seed, position: history.length };
        const defined = verify({ draft, qs: certain ? null : qs, rows, options, history, address });
        const probs = k === 0 ? [] : matrix(qs);
        const found = sampler.verify(draft, certain ? null : probs, matrix(rows));
        all += k;
        accepted += found.accepted;
        if (String(found.tokens) !== String(defined.tokens)) {
          assert.ok(
            defined.near < NEAR,
            `${JSON.stringify(options)}: ${found.tokens}, not ${defined.tokens}`,
          );
          near++;
          break;
        }
        assert.equal(found.accepted, defined.accepted);
        assert.ok(found.tokens instanceof Int32Array);
        history.push(...found.tokens);
        assert.deepEqual(Array.from(sampler.history), history);
        assert.equal(sampler.position, history.length);
        assert.equal(sampler.last.token, history.at(-1));
        assert.equal(sampler.last.position, history.length - 1);
      }
      sampler.dispose();
    }
  }
  assert.ok(accepted > 50 && accepted < all);
  t.diagnostic(`${accepted} of ${all} drafts accepted, ${near} cases the neighbour`);
});

test('no drafts: what sample gives', () => {
  const row = peaked(N, 1);
  for (const options of [{}, { method: 'gumbel' }, { xtcProbability: 0.5, xtcThreshold: 0.02, topK: 9 }]) {
    const [one, two] = [0, 1].map(() => new Sampler(N, { ...options, seed: 4 }));
    for (let i = 0; i < 30; i++) {
      assert.deepEqual(one.verify([], null, row), { tokens: Int32Array.of(two.sample(row)), accepted: 0 });
    }
    one.dispose();
    two.dispose();
  }
});

test('at temperature 0 a draft is accepted iff it is the likeliest', () => {
  const rows = [0, 1, 2].map((i) => normal(N, i));
  const best = rows.map((row) => row.indexOf(Math.max(...row)));
  const even = new Float32Array(2 * N).fill(1 / N);
  for (const probs of [null, even]) {
    const check = (draft, accepted) => {
      const sampler = new Sampler(N, { temperature: 0, seed: 1 });
      const found = sampler.verify(draft, probs, matrix(rows));
      assert.equal(found.accepted, accepted);
      assert.deepEqual(Array.from(found.tokens), best.slice(0, accepted + 1));
      sampler.dispose();
    };
    check(best.slice(0, 2), 2);
    check([best[0], (best[1] + 1) % N], 1);
    check([(best[0] + 1) % N, best[1]], 0);
  }
});

test('where the draft knows the law, everything is accepted', () => {
  const sampler = new Sampler(N, { topK: 10, seed: 2 });
  const rows = Array.from({ length: 5 }, (_, i) => normal(N, i));
  for (let i = 0; i < 100; i++) {
    const probs = new Float32Array(4 * N);
    const draft = rows.slice(0, 4).map((row, j) => {
      const law = sampler.distribution(row);
      law.ids.forEach((id, at) => {
        probs[j * N + id] = law.probs[at];
      });
      return law.ids[i % 10];
    });
    assert.equal(sampler.verify(draft, probs, matrix(rows)).accepted, 4);
  }
  sampler.dispose();
});

test('stages learn from what comes out as if it had been drawn', () => {
  for (const stage of [{ mirostat: 1 }, { mirostat: 2 }, { adaptiveTarget: 0.2 }]) {
    for (const more of [{}, { topK: 15 }, { xtcProbability: 0.5, xtcThreshold: 0.1 }, { topP: 0.9 }]) {
      let same = 0;
      let ends = 0;
      for (let seed = 0; seed < 80; seed++) {
        const options = { ...stage, ...more, seed };
        const rows = [0, 1].map((i) => normal(N, 7 * seed + i).map((x, id) => (id < 2 ? x + 4 : x)));
        const [one, two] = [0, 1].map(() => new Sampler(N, options));
        const { tokens, accepted } = one.verify(two.sample(rows[0]), null, matrix(rows));
        if (accepted === 1) {
          assert.equal(tokens[1], two.sample(rows[1]));
          same++;
        } else {
          two.reset();
          // Another seed draws the token that came in place of the draft: what it teaches is the same.
          for (const [i, token] of tokens.entries()) {
            for (let other = seed; two.sample(rows[i], { record: false }) !== token; other += 1000)
              two.configure({ seed: other + 1000 });
            two.sample(rows[i]);
          }
          ends++;
        }
        if (accepted === 1 || !more.xtcProbability) {
          assert.deepEqual(one.distribution(rows[0]), two.distribution(rows[0]), JSON.stringify(options));
        }
        one.dispose();
        two.dispose();
      }
      assert.ok(
        same > 1 && ends > 1,
        `${JSON.stringify({ ...stage, ...more })}: ${same} accepted, ${ends} not`,
      );
    }
  }
});

test('rewind goes back through verify, and a replay repeats', () => {
  for (const options of [
    { mirostat: 2 },
    { adaptiveTarget: 0.3, topK: 20 },
    { dryMultiplier: 1, penaltyLastN: 3 },
  ]) {
    const sampler = new Sampler(N, { ...options, seed: 5 });
    const rows = Array.from({ length: 4 }, (_, i) => normal(N, 50 + i, 2));
    const guess = rows.map((row) => sampler.distribution(row).ids[0]).slice(0, 3);
    sampler.sample(rows[0]);
    for (let i = 0; i < 20; i++) {
      const before = { ...stateOf(sampler, rows[0]), last: null };
      const first = sampler.verify(guess, null, matrix(rows));
      sampler.rewind(first.tokens.length);
      assert.deepEqual(stateOf(sampler, rows[0]), before);
      assert.deepEqual(sampler.verify(guess, null, matrix(rows)), first);
      if (first.tokens.length > 1) {
        sampler.rewind(first.tokens.length - 1);
        assert.deepEqual(Array.from(sampler.history).at(-1), first.tokens[0]);
      }
    }
    sampler.dispose();
  }
});

test('all or nothing: an error in a later row leaves everything as it was, however little is remembered', () => {
  const good = normal(N, 9, 2);
  const token = good.indexOf(Math.max(...good));
  const sure = good.map((x, id) => (id === token ? 30 : x));
  const nan = good.map((x, i) => (i === 7 ? Number.NaN : x));
  const masked = new Float32Array(N).fill(MASKED);
  for (const maxHistory of [0, 1, 2, 3, 1000]) {
    for (const [bad, code] of [
      [nan, 'nan'],
      [masked, 'masked'],
    ]) {
      const learns = maxHistory % 2 ? { mirostat: 2 } : { frequencyPenalty: 0.1 };
      const [one, two] = [0, 1].map(() => new Sampler(N, { ...learns, maxHistory, seed: 6 }));
      for (const sampler of [one, two]) {
        sampler.accept([1, 2, 3], { prompt: true });
        for (let i = 0; i < 5; i++) sampler.sample(good);
      }
      for (let at = 0; at < 3; at++) {
        const rows = [sure, sure, sure].map((row, i) => (i === at ? bad : row));
        const before = stateOf(one, good);
        assert.throws(
          () => one.verify([token, token], null, matrix(rows)),
          (error) => {
            assert.equal(error.name, 'LogitsError');
            assert.equal(error.code, code);
            assert.equal(error.row, at);
            assert.equal(error.index, code === 'nan' ? at * N + 7 : -1);
            assert.match(error.message, new RegExp(`verify: targetRows \\(row ${at}\\)`));
            return true;
          },
        );
        assert.deepEqual(stateOf(one, good), before);
        assert.equal(one.sample(good), two.sample(good));
        assert.deepEqual(stateOf(one, good), stateOf(two, good));
      }
      const back = Math.min(maxHistory, 8);
      for (const sampler of [one, two]) sampler.rewind(back);
      assert.deepEqual(stateOf(one, good), stateOf(two, good));
      assert.throws(() => one.rewind(9), RangeError);
      one.dispose();
      two.dispose();
    }
  }
});

test('last is about the last token, and logits is its row', () => {
  const rows = Array.from({ length: 3 }, (_, i) => normal(N, 30 + i, 2));
  const about = ({ last }) => [last.logprob, last.rank, last.entropy, last.finalLogprob, last.kept, last.top];
  for (const given of [{}, { logprobs: 3, mirostat: 2 }]) {
    const lengths = new Set();
    for (let seed = 0; seed < 20; seed++) {
      const sampler = new Sampler(N, { ...given, topK: 9, frequencyPenalty: 1, seed });
      const guess = rows.slice(0, 2).map((row) => sampler.distribution(row).ids[0]);
      const { tokens } = sampler.verify(guess, null, matrix(rows));
      const row = rows[tokens.length - 1];
      const found = about(sampler);
      assert.deepEqual(sampler.logits, row);
      // Another seed draws the same last token from the same state.
      sampler.rewind(1);
      sampler.configure({ seed: 0 });
      for (let other = 1; sampler.sample(row, { record: false }) !== tokens.at(-1); other++)
        sampler.configure({ seed: other });
      sampler.sample(row);
      assert.deepEqual(about(sampler), found);
      lengths.add(tokens.length);
      sampler.dispose();
    }
    assert.ok(lengths.size > 1);
  }
});

test('rows behind a rejected draft are not looked at', () => {
  const sampler = new Sampler(N, { temperature: 0, seed: 1 });
  const row = normal(N, 1);
  const worst = row.indexOf(Math.min(...row));
  const rows = matrix([row, row.map(() => Number.NaN)]);
  assert.equal(sampler.verify([worst], null, rows).accepted, 0);
  sampler.dispose();
});

test('bad arguments, each before anything is recorded', () => {
  const sampler = new Sampler(4, { seed: 1 });
  const rows = new Float32Array(12);
  const even = new Float32Array(8).fill(0.25);
  const bad = (Class, pattern, draft, probs, x = rows, options = undefined) =>
    assert.throws(
      () => sampler.verify(draft, probs, x, options),
      (error) => error instanceof Class && pattern.test(error.message),
    );
  const changed = (i, q) => even.map((old, j) => (j === i ? q : old));
  bad(
    RangeError,
    /draftProbs must have draft.length = 2 rows of vocabSize = 4 elements, got 4/,
    [1, 2],
    even.slice(4),
  );
  bad(RangeError, /draftProbs .* got 8/, [1], even);
  bad(
    RangeError,
    /targetRows must have draft.length \+ 1 = 2 rows of vocabSize = 4 elements, got 12/,
    [1],
    null,
  );
  bad(RangeError, /targetRows .* got 11/, [1, 2], null, rows.slice(1));
  bad(RangeError, /draftProbs\[5\] must be a number >= 0, got -0.5/, [1, 2], changed(5, -0.5));
  bad(RangeError, /draftProbs\[5\] .* got NaN/, [1, 2], changed(5, Number.NaN));
  bad(RangeError, /draftProbs \(row 1\) must sum to 1 within 0.001, got 1.25/, [1, 2], changed(5, 0.5));
  bad(RangeError, /draftProbs \(row 0\) .* got Infinity/, [1, 2], changed(0, Number.POSITIVE_INFINITY));
  bad(RangeError, /sum to 1 .* got 0.998/, [1, 2], changed(5, 0.2484));
  bad(
    RangeError,
    /\(row 1\) must be > 0 for the draft's token 2, .* got 0/,
    [1, 2],
    [...even.slice(0, 4), 0.5, 0.5, 0, 0],
  );
  bad(RangeError, /draft: tokens\[1\] must be an integer in \[0, 3\], got 4/, [1, 4], null);
  bad(TypeError, /draft: tokens/, undefined, null);
  bad(TypeError, /draftProbs must be/, [1, 2], undefined);
  bad(TypeError, /draftProbs\[7\] must be a number, got "1"/, [1, 2], [...even.slice(1), '1']);
  bad(TypeError, /draftProbs is a Uint16Array/, [1, 2], new Uint16Array(8));
  bad(TypeError, /targetRows must be/, [1, 2], null, 'rows');
  bad(TypeError, /dtype/, [1, 2], null, new Uint16Array(12));
  bad(TypeError, /unknown option "mask"/, [1, 2], null, rows, { mask: null });
  assert.equal(sampler.position, 0);
  assert.equal(sampler.last, null);
  const near = changed(5, 0.2508);
  assert.equal(sampler.verify([1, 2], near, rows).tokens.length > 0, true, 'sums to 1.0008');
  sampler.dispose();
  bad(TypeError, /dispose/, [1, 2], null);
});

test('rows and probabilities of every kind give the same; a mask holds in all of them', () => {
  const rows = matrix([0, 1, 2].map((i) => normal(N, i).map((x) => Math.round(x * 8) / 8)));
  const half = Uint16Array.from(rows, toFloat16);
  const { qs, draft } = drafts(2, N, random(8));
  const [all, place] = [matrix(qs), alloc(3 * N)];
  place.set(rows);
  const cases = [
    [draft, all, rows],
    [Int32Array.from(draft), Float64Array.from(all), Float64Array.from(rows)],
    [draft.map(BigInt), Array.from(all), Array.from(rows)],
    [draft, all, half, { dtype: 'float16' }],
    [draft, all, place],
  ];
  for (let seed = 0; seed < 40; seed++) {
    const found = cases.map((given) => {
      const sampler = new Sampler(N, { seed, frequencyPenalty: 0.5 });
      const tokens = sampler.verify(...given);
      sampler.dispose();
      return tokens;
    });
    for (const one of found) assert.deepEqual(one, found[0]);
  }
  free(place);
  const sampler = new Sampler(N, { seed: 1 });
  sampler.mask = Int32Array.of(0b10100, 0);
  for (let i = 0; i < 20; i++)
    for (const token of sampler.verify(draft, all, rows).tokens) assert.ok(token === 2 || token === 4);
  sampler.dispose();
});
