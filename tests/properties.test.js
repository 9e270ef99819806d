import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OPTIONS, Sampler } from '../js/index.js';
import { learning, options, row, THRESHOLDS } from './helpers/arbitrary.js';
import { chiSquare } from './helpers/chi.js';
import { lawOf } from './helpers/law.js';
import { below, random } from './helpers/random.js';
import { chain } from './oracle/chain.js';

/** Each property with as many rows as it says, the same ones every time. */
const check = (property, numRuns) => fc.assert(property, { seed: 20260904, numRuns });

/** A set may differ from another where a boundary is nearer than this. */
const NEAR = 1e-6;

const HISTORY = [3, 1, 2, 3, 1, 2, 3, 1];

/** The law after a short history, with what the mask and the row ban. */
function law(x, given, mask) {
  const history = HISTORY.map((token) => token % x.length);
  return lawOf(x, given, { history, outputs: history.map((_, i) => i > 2), mask });
}

test('the kept set is never empty and never holds a masked token', () => {
  check(
    fc.property(row, options, learning, fc.nat(), (x, given, learns, bits) => {
      const next = random(bits);
      const mask = Int32Array.from({ length: (x.length + 31) >> 5 }, () => below(next, 2 ** 32) | 0);
      const open = (id) => x[id] > -Infinity && (mask[id >> 5] >>> (id & 31)) & 1;
      fc.pre(x.some((_, id) => open(id)));
      const { ids, probs } = law(x, { ...given, ...learns }, mask);
      assert.ok(ids.length > 0);
      assert.ok(ids.every(open));
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(probs.every((p, i) => p >= 0 && (i === 0 || p <= probs[i - 1])));
      const sum = probs.reduceRight((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 1) < 1e-6, `they sum to ${sum}`);
      const sampler = new Sampler(x.length, { ...given, ...learns });
      sampler.accept(
        HISTORY.map((token) => token % x.length),
        { prompt: true },
      );
      assert.ok(open(sampler.sample(x, { mask })));
      sampler.dispose();
    }),
    600,
  );
});

test('a neutral option changes no bit', () => {
  const neutral = Object.values(OPTIONS).filter(({ name }) => name !== 'seed' && name !== 'order');
  check(
    fc.property(row, options, learning, fc.constantFrom(...neutral), (x, given, learns, option) => {
      const without = { ...given, ...learns };
      delete without[option.name];
      const explicit = { ...without, [option.name]: option.neutral };
      assert.deepEqual(law(x, explicit), law(x, without), option.name);
      const [one, two] = [explicit, without].map((o) => new Sampler(x.length, o));
      for (let i = 0; i < 4; i++) assert.equal(one.sample(x), two.sample(x), option.name);
      one.dispose();
      two.dispose();
    }),
    600,
  );
});

test('every threshold filter is shift invariant', (t) => {
  let near = 0;
  let cases = 0;
  for (const [name, values] of Object.entries(THRESHOLDS)) {
    check(
      fc.property(row, values, fc.integer({ min: -65536, max: 65536 }), fc.nat(50), (x, value, by, topK) => {
        const given = { [name]: value, topK: topK > 25 ? 0 : topK };
        const shifted = x.map((v) => v + by / 64);
        const [one, two] = [lawOf(x, given), lawOf(shifted, given)];
        cases++;
        if (String(one.ids) !== String(two.ids)) {
          assert.ok(chain(x, given).margin < NEAR, `${name} ${value}: ${one.ids} and ${two.ids}`);
          near++;
        } else {
          one.probs.forEach((p, i) => {
            assert.ok(Math.abs(p - two.probs[i]) <= 1e-6 * p + 2 ** -126, name);
          });
        }
      }),
      80,
    );
  }
  t.diagnostic(`${cases} pairs, ${near} of them differ at a boundary nearer than ${NEAR}`);
});

test('top-k and top-n-sigma do not move with T > 0', (t) => {
  const temperature = fc.double({ min: 0.01, max: 100, noNaN: true });
  const filter = fc.oneof(
    fc.record({ topK: fc.integer({ min: 1, max: 100 }) }),
    fc.record({ topNSigma: fc.double({ min: 0.01, max: 4, noNaN: true }) }),
  );
  let near = 0;
  check(
    fc.property(row, filter, temperature, (x, given, heat) => {
      const plain = lawOf(x, given).ids;
      const heated = lawOf(x, { ...given, temperature: heat }).ids;
      if (String(plain) === String(heated)) return;
      assert.ok(chain(x, given).margin < NEAR, `${JSON.stringify(given)} at ${heat}`);
      near++;
    }),
    400,
  );
  t.diagnostic(`${near} of 400 differ at a boundary nearer than ${NEAR}`);
});

test('distribution() is the law of sample(): chi-square at 1e-6', (t) => {
  let least = 1;
  check(
    fc.property(row, options, learning, (x, given, learns) => {
      const all = { ...given, ...learns };
      const { ids, probs } = lawOf(x, all);
      const dense = new Float64Array(x.length);
      ids.forEach((id, i) => {
        dense[id] = probs[i];
      });
      const counts = new Uint32Array(x.length);
      const sampler = new Sampler(x.length, all);
      sampler.logits.set(x);
      for (let i = 0; i < 1500; i++) {
        sampler.configure({ seed: given.seed * 4096 + i });
        counts[sampler.sample(undefined, { record: false })]++;
      }
      sampler.dispose();
      counts.forEach((count, id) => {
        if (dense[id] === 0) assert.equal(count, 0, `token ${id} is outside the law`);
      });
      const { statistic, df, p } = chiSquare(counts, dense);
      if (df > 0) {
        least = Math.min(least, p);
        assert.ok(p > 1e-6, `chi-square ${statistic} on ${df} degrees, p ${p}`);
      }
    }),
    60,
  );
  t.diagnostic(`the least p of 60 is ${least.toPrecision(3)}`);
});

test('rewinding and sampling again repeats', () => {
  check(
    fc.property(
      row,
      options,
      learning,
      fc.record(
        {
          noRepeatNgramSize: fc.integer({ min: 0, max: 4 }),
          penaltyLastN: fc.constantFrom(-1, 5),
          minTokens: fc.nat(9),
        },
        { requiredKeys: [] },
      ),
      fc.integer({ min: 1, max: 12 }),
      (x, given, learns, past, back) => {
        // One token is always left: an n-gram may ban all others.
        const wide = Float32Array.of(...x, ...Array.from({ length: 20 }, (_, i) => -10 - i / 4));
        const all = { ...given, ...learns, ...past, eosTokens: [0] };
        const sampler = new Sampler(wide.length, all);
        sampler.accept(HISTORY, { prompt: true });
        const tokens = Array.from({ length: 12 }, () => sampler.sample(wide));
        const after = sampler.distribution(wide);
        sampler.rewind(back);
        const again = Array.from({ length: back }, () => sampler.sample(wide));
        assert.deepEqual(again, tokens.slice(12 - back));
        assert.deepEqual(sampler.distribution(wide), after);
        sampler.dispose();
      },
    ),
    300,
  );
});
