import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { obeys, SIGNIFICANCE } from './helpers/chi.js';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './helpers/half.js';
import { below, random } from './helpers/random.js';
import { flat, normal, peaked, tied, zipf } from './helpers/rows.js';
import { anyOrder, truncations } from './helpers/truncations.js';
import { law, ORDERS } from './oracle/chain.js';
import { drawer } from './oracle/draw.js';
import { uniform } from './oracle/uniform.js';

/** Where a uniform is this near to a boundary, as a share of the mass, float32 weights may choose the neighbour. */
const NEAR = 1e-6;

const TRUNCATED = [
  { topK: 40 },
  { topK: 1 },
  { topK: 1024 },
  { topK: 40, temperature: 0.7, topP: 0.95, minP: 0.05 },
  { topK: 300, temperature: 1.6, minKeep: 3, minP: 0.4 },
  { topK: 50, temperature: -1 },
  { topK: 40, topP: 0.9, temperature: 0.8, order: 'llama.cpp' },
  { topP: 0.9, topK: 64, order: ['topP', 'topK', 'draw'] },
];

const WHOLE = [
  {},
  { temperature: 0.6 },
  { temperature: 3 },
  { temperature: -1 },
  { temperature: Number.POSITIVE_INFINITY },
  { minP: 0.03 },
  { topK: 1025 },
  { topP: 0.3 },
  { topP: 0.95, temperature: 0.9 },
  { topP: 0.6, minP: 0.01, minKeep: 5, temperature: 1.4 },
  { topP: 0.9, temperature: 0.8, order: 'llama.cpp' },
];

const ROWS = {
  peaked: peaked(1500, 1),
  zipf: zipf(4200, 2),
  flat: flat(1100, 3),
  tied: tied(1300, 4),
  small: normal(7, 5),
};

for (const [regime, list] of Object.entries({ TRUNCATED, WHOLE })) {
  test(`token by token as the header defines it: ${regime.toLowerCase()}`, (t) => {
    let draws = 0;
    let near = 0;
    for (const [kind, row] of Object.entries(ROWS)) {
      for (const options of list) {
        const seed = 1000 + draws;
        const sampler = new Sampler(row.length, { ...options, seed });
        const define = drawer(row, options);
        for (let position = 0; position < 40; position++, draws++) {
          const token = sampler.sample(row);
          const defined = define({ seed, position });
          if (token === defined.token) continue;
          const label = `${kind} ${JSON.stringify(options)} seed ${seed} position ${position}`;
          assert.ok(
            defined.near < NEAR,
            `${label}: ${token}, defined ${defined.token} (${defined.near} away)`,
          );
          near++;
        }
        sampler.dispose();
      }
    }
    t.diagnostic(`${draws} draws, ${near} of them the neighbour at a boundary nearer than ${NEAR}`);
  });
}

test('token by token: any options, history, mask and order', (t) => {
  const next = random(31);
  const pick = (...values) => values[below(next, values.length)];
  let draws = 0;
  let near = 0;
  let nothing = 0;
  for (let i = 0; i < 300; i++) {
    const n = pick(3, 60, 64, 65, 255, 257, 700, 4097);
    const row = pick(peaked, zipf, flat, tied)(n, i);
    const temperature = pick(1, 1, 0.7, 1.6, 0.2, 0);
    const order = pick('logitkit', 'logitkit', 'llama.cpp', anyOrder(ORDERS.logitkit, next));
    const options = {
      temperature,
      topK: pick(0, 0, 5, 40, 1024, 2000),
      topP: pick(1, 1, 0.9, 0.5, 0.1),
      minP: pick(0, 0, 0.02, 0.5),
      minKeep: pick(1, 1, 3, 30),
      repetitionPenalty: pick(1, 1.3),
      frequencyPenalty: pick(0, 0.2),
      penaltyLastN: pick(-1, 10),
      logitBias: pick({}, { 0: 2, [n - 1]: -1, [n >> 1]: Number.NEGATIVE_INFINITY }),
      ...(order === 'llama.cpp' ? {} : truncations(next)),
      order,
    };
    const history = Array.from({ length: pick(0, 25) }, () => below(next, n));
    const mask = pick(
      null,
      null,
      Int32Array.from({ length: (n + 31) >> 5 }, () => below(next, 2 ** 31) | 2),
    );
    let define;
    try {
      define = drawer(row, options, { history, mask });
    } catch (error) {
      assert.match(error.message, /^nothing is left after (?:mask|bias)$/);
    }
    const sampler = new Sampler(n, options);
    sampler.accept(history);
    if (define === undefined) {
      assert.throws(() => sampler.sample(row, { mask }), { name: 'LogitsError', code: 'masked' });
      nothing++;
      sampler.dispose();
      continue;
    }
    for (let seed = 0; seed < 8; seed++, draws++) {
      sampler.configure({ seed });
      const token = sampler.sample(row, { mask, record: false });
      const defined = define({ seed, position: history.length });
      if (token === defined.token) continue;
      assert.ok(defined.near < NEAR, `${n} ${JSON.stringify(options)}: ${token}, defined ${defined.token}`);
      near++;
    }
    sampler.dispose();
  }
  t.diagnostic(`${draws} draws, ${near} of them the neighbour; ${nothing} chains leave nothing`);
});

test('a large vocabulary, token by token', (t) => {
  let near = 0;
  const row = peaked(151936, 6);
  for (const options of [{ topK: 40, temperature: 0.8, topP: 0.95, minP: 0.05 }, { temperature: 1.2 }]) {
    const sampler = new Sampler(row.length, { ...options, seed: 5 });
    const define = drawer(row, options);
    for (let position = 0; position < 12; position++) {
      const token = sampler.sample(row);
      const defined = define({ seed: 5, position });
      if (token !== defined.token) {
        assert.ok(defined.near < NEAR, `${JSON.stringify(options)} at ${position}`);
        near++;
      }
    }
    sampler.dispose();
  }
  t.diagnostic(`${near} of 24 the neighbour`);
});

/** How often each token comes in `draws` draws of one sampler. */
function counts(row, options, draws) {
  const sampler = new Sampler(row.length, options);
  const found = new Uint32Array(row.length);
  sampler.logits.set(row);
  for (let i = 0; i < draws; i++) found[sampler.sample()]++;
  sampler.dispose();
  return found;
}

const LAWS = [
  ['truncated, peaked', peaked(2000, 11), { topK: 40, temperature: 0.8, topP: 0.95, minP: 0.01, seed: 1 }],
  ['truncated, flat', flat(2000, 12), { topK: 32, seed: 2 }],
  ['truncated, inverted', normal(900, 13), { topK: 32, temperature: -1, seed: 3 }],
  ['whole row, peaked', peaked(2000, 14), { seed: 4 }],
  ['whole row, zipf', zipf(5000, 15), { seed: 5 }],
  ['whole row, flat', flat(700, 16), { temperature: 1.5, seed: 6 }],
  ['whole row, small', normal(5, 17, 2), { seed: 7 }],
  ['whole row, top-p, peaked', peaked(2000, 18), { topP: 0.95, temperature: 0.7, seed: 8 }],
  ['whole row, top-p, zipf', zipf(3000, 19), { topP: 0.7, seed: 9 }],
  ['whole row, min-p', zipf(3000, 20), { minP: 0.01, seed: 10 }],
];

for (const [name, row, options] of LAWS) {
  test(`chi-square at ${SIGNIFICANCE}: ${name}`, (t) => {
    const found = counts(row, options, 200000);
    obeys(t, found, law(row, options));
  });
}

test('a token of probability 2^-30 in a list is reached where the uniform steps onto it', () => {
  // One token of weight 1 and 1023 of 2^-30: they share the last 2^-20 of the uniform.
  const n = 1024;
  const row = new Float32Array(n).fill(Math.log(2 ** -30));
  row[500] = 0;
  const define = drawer(row, { topK: n });
  let found = 0;
  for (let seed = 0; found < 2; seed++) {
    if (uniform({ seed, position: 0 }, 0) < 1 - 1000 * 2 ** -30) continue;
    const { token } = define({ seed, position: 0 });
    assert.notEqual(token, 500);
    const sampler = new Sampler(n, { topK: n, seed });
    assert.equal(sampler.sample(row), token, `seed ${seed}`);
    sampler.dispose();
    found++;
  }
});

test('a token of probability 2^-30 in a whole row is reached where the uniform steps onto it', () => {
  // 2^18 - 1 logits of 0, so that every sum is exact, and one of weight 2^-12, put where the first uniform points.
  const n = 2 ** 18;
  const weight = 2 ** -12;
  const row = new Float32Array(n);
  let found = 0;
  for (let seed = 0; found < 3; seed++) {
    const v = uniform({ seed, position: 0 }, 0) * 65 * (n / 64);
    const inside = v % 65;
    // The token holds [k, k + weight) of its block if k ones stand before it.
    if (inside >= 63 || inside % 1 >= weight * 0.99 || inside % 1 < weight * 0.01) continue;
    const token = Math.floor(v / 65) * 64 + Math.floor(inside);
    const sampler = new Sampler(n, { seed });
    row[token] = Math.log(weight);
    assert.equal(sampler.sample(row, { record: false }), token, `seed ${seed}`);
    row[token] = Math.log(weight / 128);
    assert.equal(sampler.sample(row), token + 1, 'lighter, it is missed and the next one takes the draw');
    row[token] = 0;
    sampler.dispose();
    found++;
  }
});

test('16-bit rows give the token of their float32 values', () => {
  const kinds = [
    ['float16', toFloat16, fromFloat16],
    ['bfloat16', toBfloat16, fromBfloat16],
  ];
  for (const [dtype, to, from] of kinds) {
    for (const n of [5, 64, 1500, 32000]) {
      const half = Uint16Array.from(peaked(n, n), to);
      if (n > 100) half[37] = to(Number.NEGATIVE_INFINITY);
      const single = Float32Array.from(half, from);
      const biased = { logitBias: { 2: 1.5 }, topP: 0.9 };
      for (const options of [
        {},
        { topK: 40, minP: 0.02 },
        { topP: 0.9 },
        { temperature: -1 },
        { temperature: 0 },
        biased,
      ]) {
        const one = new Sampler(n, { ...options, seed: n });
        const two = new Sampler(n, { ...options, seed: n });
        for (let i = 0; i < 25; i++) {
          assert.equal(
            one.sample(half, { dtype }),
            two.sample(single),
            `${dtype}, n ${n}, ${JSON.stringify(options)}`,
          );
        }
        one.dispose();
        two.dispose();
      }
    }
  }
});

test('the token does not depend on the kind of the row, on logits or on what is asked besides', () => {
  const n = 3000;
  const row = zipf(n, 21);
  for (const options of [{}, { topK: 40 }, { topP: 0.8 }]) {
    const samplers = Array.from({ length: 5 }, () => new Sampler(n, { ...options, seed: 11 }));
    for (let i = 0; i < 30; i++) {
      const [plain, list, double, own, asked] = samplers;
      const token = plain.sample(row);
      assert.equal(list.sample(Array.from(row)), token);
      assert.equal(double.sample(Float64Array.from(row)), token);
      own.logits.set(row);
      assert.equal(own.sample(), token);
      asked.distribution(row);
      assert.equal(asked.sample(row, { record: false }), token);
      asked.distribution(row);
      assert.equal(asked.sample(row), token);
    }
    for (const sampler of samplers) sampler.dispose();
  }
});

test('neutral options and their order in the object change no token', () => {
  const row = peaked(500, 22);
  const one = new Sampler(500, { seed: 1, topK: 40, minP: 0.02 });
  const two = new Sampler(500, {
    minP: 0.02,
    topP: 1,
    temperature: 1,
    minKeep: 1,
    topK: 40,
    penaltyLastN: 64,
    seed: 1n,
  });
  for (let i = 0; i < 50; i++) assert.equal(one.sample(row), two.sample(row));
  one.dispose();
  two.dispose();
});

test('float64 rows are those of their float32 values: penalties need the sign of a logit, so nothing is subtracted', () => {
  const n = 700;
  const double = Float64Array.from(normal(n, 23, 3), (x) => x * (1 + 1e-9));
  for (const options of [{}, { topK: 40 }, { repetitionPenalty: 1.5 }]) {
    const samplers = [0, 1, 2].map(() => new Sampler(n, { ...options, seed: 12 }));
    for (let i = 0; i < 30; i++) {
      const token = samplers[0].sample(Float32Array.from(double));
      assert.equal(samplers[1].sample(double), token);
      assert.equal(samplers[2].sample(Array.from(double)), token);
    }
    for (const sampler of samplers) sampler.dispose();
  }
});
