import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as logitkit from '../js/index.js';
import { normal } from './helpers/rows.js';

const {
  alloc,
  argmax,
  crossEntropy,
  crossEntropyBackward,
  crossEntropyTemperatureGrad,
  entmax,
  entropy,
  guide,
  klDivergence,
  LogitsError,
  logSoftmax,
  logSumExp,
  Sampler,
  softmax,
  softmaxTemperatureGrad,
  StateError,
  topK,
  UnsupportedError,
} = logitkit;

const INF = Number.POSITIVE_INFINITY;
const MASKED = Number.NEGATIVE_INFINITY;
const NAN = Number.NaN;
const VOCABULARY = 100;
const row = normal(VOCABULARY, 1);

/** The error must be of this class and its message must contain every part: the thing, the interval, the value. */
function throws(call, Class, ...parts) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof Class, `${error.name}: ${error.message}, expected ${Class.name}`);
    for (const part of parts) {
      assert.ok(error.message.includes(part), `"${error.message}" does not say "${part}"`);
    }
    return true;
  });
}

function detached() {
  const view = new Float32Array(VOCABULARY);
  structuredClone(view.buffer, { transfer: [view.buffer] });
  return view;
}

const FUNCTIONS = {
  softmax: (x, options) => softmax(x, options),
  logSoftmax: (x, options) => logSoftmax(x, options),
  logSumExp: (x, options) => logSumExp(x, options),
  argmax: (x, options) => argmax(x, options),
  entmax: (x, options) => entmax(x, 1.7, options),
  topK: (x, options) => topK(x, 2, options),
  entropy: (x, options) => entropy(x, options),
  klDivergence: (x, options) => klDivergence(x, x, options),
  crossEntropy: (x, options) => crossEntropy(x, targets(options), options),
  crossEntropyBackward: (x, options) => crossEntropyBackward(x, targets(options), options),
  crossEntropyTemperatureGrad: (x, options) => crossEntropyTemperatureGrad(x, targets(options), options),
  softmaxTemperatureGrad: (x, options) => softmaxTemperatureGrad(x, new Float32Array(x?.length), options),
  guide: (x, options) => guide(x, x, 2, options),
};

/** The first of each row. */
function targets(options) {
  return new Int32Array(Number.isInteger(options?.rows) ? options.rows : 1);
}

for (const [name, call] of Object.entries(FUNCTIONS)) {
  test(`${name}: the wrong kind of row`, () => {
    for (const [x, shown] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [5, '5'],
      ['1,2', '1,2'],
      [{ length: 2 }, 'Object'],
      [new Int32Array(4), 'Int32Array'],
      [new BigInt64Array(4), 'BigInt64Array'],
    ]) {
      throws(() => call(x), TypeError, name, 'Float32Array', shown);
    }
    throws(() => call([1, '2', 3]), TypeError, name, '[1]', '"2"');
    throws(() => call([1, 2n, 3]), TypeError, name, '[1]', '2n');
    throws(() => call([1, null, 3]), TypeError, name, '[1]', 'null');
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    throws(() => call([1, , 3]), TypeError, name, '[1]', 'hole');
    throws(() => call(new Uint16Array(4)), TypeError, name, 'Uint16Array', 'dtype');
    throws(() => call(new Uint16Array(4), { dtype: 'int8' }), TypeError, name, 'dtype', 'float16', 'int8');
    throws(() => call(new Float32Array(4), { dtype: 'float16' }), TypeError, name, 'dtype');
    throws(() => call(detached()), TypeError, name, 'detached');
  });

  test(`${name}: NaN, no logits`, () => {
    const x = new Float32Array(200);
    x[70] = NAN;
    x[150] = NAN;
    for (const kind of [x, Float64Array.from(x), Array.from(x)]) {
      assert.throws(() => call(kind), { name: 'LogitsError', code: 'nan', index: 70, count: 2 });
      throws(() => call(kind), LogitsError, name, 'NaN', '70');
    }
    assert.throws(() => call(Uint16Array.of(0, 0x7e01), { dtype: 'float16' }), {
      code: 'nan',
      index: 1,
      count: 1,
    });
    assert.throws(() => call(Uint16Array.of(0x7fc1, 0), { dtype: 'bfloat16' }), {
      code: 'nan',
      index: 0,
      count: 1,
    });
    assert.throws(() => call([0, 1, 2, NAN], { rows: 2 }), { code: 'nan', index: 3, count: 1 });
    for (const empty of [[], new Float32Array(0), new Float64Array(0)]) {
      assert.throws(() => call(empty), { name: 'LogitsError', code: 'empty' });
    }
    throws(() => call([]), LogitsError, name);
  });

  test(`${name}: options`, () => {
    throws(() => call(row, { temprature: 2 }), TypeError, name, 'temprature');
    throws(() => call(row, 5), TypeError, name, 'options', '5');
    throws(() => call(row, { rows: 3 }), RangeError, name, 'rows', '3', '100');
    throws(() => call(row, { rows: 0 }), RangeError, name, 'rows', '>= 1', '0');
    throws(() => call(row, { rows: 1.5 }), RangeError, name, 'rows', 'integer', '1.5');
    throws(() => call(row, { rows: '2' }), TypeError, name, 'rows', '"2"');
  });
}

const LAWS = ['softmax', 'logSoftmax', 'entropy', 'klDivergence', 'crossEntropy', 'crossEntropyBackward'];

for (const name of ['argmax', ...LAWS]) {
  test(`${name}: nothing unmasked`, () => {
    for (const x of [[MASKED], [MASKED, MASKED], new Float32Array(300).fill(MASKED)]) {
      assert.throws(() => FUNCTIONS[name](x), { name: 'LogitsError', code: 'masked' });
    }
  });
}

for (const name of ['logSumExp', ...LAWS]) {
  test(`${name}: temperature and base`, () => {
    const call = FUNCTIONS[name];
    throws(() => call(row, { temperature: NAN }), RangeError, name, 'temperature', 'NaN');
    throws(() => call(row, { temperature: '1' }), TypeError, name, 'temperature', '"1"');
    throws(() => call(row, { temperature: [1, 2] }), RangeError, name, 'temperature', '1', '2');
    throws(() => call(row, { temperature: [1, NAN], rows: 2 }), RangeError, name, 'temperature', 'NaN');
    for (const base of [0, -1, NAN])
      throws(() => call(row, { base }), RangeError, name, 'base', '> 0', String(base));
    throws(() => call(row, { base: '2' }), TypeError, name, 'base', '"2"');
  });
}

for (const name of ['softmax', 'logSoftmax', 'crossEntropyBackward']) {
  test(`${name}: out, and what an error leaves of it`, () => {
    const call = FUNCTIONS[name];
    throws(() => call(row, { out: new Float32Array(99) }), RangeError, name, 'out', '100', '99');
    throws(
      () => call(row, { out: new Float64Array(100) }),
      TypeError,
      name,
      'out',
      'Float32Array',
      'Float64Array',
    );
    throws(() => call(row, { out: [] }), TypeError, name, 'out');
    throws(() => call(row, { out: detached() }), TypeError, name, 'out', 'detached');
    const out = new Float32Array(4).fill(9);
    for (const x of [Float32Array.of(1, NAN, 2, 3), new Float32Array(4).fill(MASKED)]) {
      const before = x.slice();
      assert.throws(() => call(x, { out }), LogitsError);
      assert.deepEqual(out, new Float32Array(4).fill(9));
      assert.throws(() => call(x, { out: x }), LogitsError);
      assert.deepEqual(x, before, 'in place, the row is as before');
      assert.throws(() => call(x, { out, rows: 2 }), LogitsError);
      assert.deepEqual(out, new Float32Array(4).fill(9), 'also where an earlier row succeeded');
    }
  });
}

test('topK: k', () => {
  for (const k of [0, -1, 1.5, NAN, INF]) throws(() => topK(row, k), RangeError, 'topK', 'k', String(k));
  for (const k of [undefined, '3', null]) throws(() => topK(row, k), TypeError, 'topK', 'k');
});

/** Bad options: name, value, class, what the message must say beside the name. */
const OPTIONS = [
  ['temperature', NAN, RangeError, 'NaN'],
  ['temperature', '0.8', TypeError, '"0.8"'],
  ['temperature', null, TypeError, 'null'],
  ['topK', -1, RangeError, '>= 0', '-1'],
  ['topK', 2.5, RangeError, 'integer', '2.5'],
  ['topK', '40', TypeError, '"40"'],
  ['topP', 1.1, RangeError, '[0, 1]', '1.1'],
  ['topP', -0.1, RangeError, '[0, 1]', '-0.1'],
  ['topP', NAN, RangeError, '[0, 1]', 'NaN'],
  ['minP', 1.5, RangeError, '[0, 1]', '1.5'],
  ['minP', -1, RangeError, '[0, 1]', '-1'],
  ['xtcProbability', 1.5, RangeError, '[0, 1]', '1.5'],
  ['xtcProbability', NAN, RangeError, '[0, 1]', 'NaN'],
  ['xtcThreshold', -0.1, RangeError, '[0, 1]', '-0.1'],
  ['mirostat', 3, RangeError, '[0, 2]', '3'],
  ['mirostat', 1.5, RangeError, 'integer', '1.5'],
  ['mirostat', true, TypeError, 'integer', 'true'],
  ['mirostatTau', -1, RangeError, '0', '-1'],
  ['mirostatEta', INF, RangeError, 'finite', 'Infinity'],
  ['adaptiveTarget', -0.5, RangeError, '[0, 1]', '-0.5'],
  ['adaptiveTarget', 1.1, RangeError, '[0, 1]', '1.1'],
  ['adaptiveDecay', 1, RangeError, '[0, 0.99]', '1'],
  ['minKeep', 0, RangeError, '>= 1', '0'],
  ['minKeep', 1.5, RangeError, 'integer', '1.5'],
  ['repetitionPenalty', 0, RangeError, '0'],
  ['repetitionPenalty', -1, RangeError, '-1'],
  ['repetitionPenalty', INF, RangeError, 'Infinity'],
  ['frequencyPenalty', INF, RangeError, 'Infinity'],
  ['frequencyPenalty', NAN, RangeError, 'NaN'],
  ['presencePenalty', MASKED, RangeError, '-Infinity'],
  ['penaltyLastN', -2, RangeError, '>= -1', '-2'],
  ['penaltyLastN', 0.5, RangeError, 'integer', '0.5'],
  ['repetitionScope', 'prompt', RangeError, 'all', 'output', 'prompt'],
  ['frequencyScope', 1, TypeError, 'all', 'output', '1'],
  ['seed', -1, RangeError, '-1'],
  ['seed', 1.5, RangeError, 'integer', '1.5'],
  ['seed', 2n ** 64n, RangeError, '18446744073709551616'],
  ['seed', -1n, RangeError, '-1'],
  ['seed', '7', TypeError, '"7"'],
  ['logitBias', { 100: 1 }, RangeError, '100'],
  ['logitBias', { '-1': 1 }, RangeError, '-1'],
  ['logitBias', { hello: 1 }, TypeError, 'hello'],
  ['logitBias', { 5: INF }, RangeError, 'Infinity', '5'],
  ['logitBias', { 5: NAN }, RangeError, 'NaN', '5'],
  ['logitBias', { 5: '1' }, TypeError, '"1"', '5'],
  ['logitBias', new Map([[1.5, 1]]), RangeError, '1.5'],
  ['logitBias', 5, TypeError, '5'],
  ['order', 'llamacpp', RangeError, 'llama.cpp', 'llamacpp'],
  ['order', 5, TypeError, '5'],
  ['order', ['temperature', 'temperature', 'draw'], RangeError, 'temperature', 'twice'],
  ['order', ['topX', 'draw'], RangeError, 'topX'],
];

for (const [name, value, Class, ...parts] of OPTIONS) {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  test(`Sampler: ${name}: ${shown}${typeof value === 'bigint' ? 'n' : ''}`, () => {
    throws(() => new Sampler(VOCABULARY, { [name]: value }), Class, name, ...parts);
    const sampler = new Sampler(VOCABULARY, { seed: 5, topK: 9, presencePenalty: 1 });
    sampler.accept([1, 2]);
    unchanged(sampler, () => {
      throws(() => sampler.configure({ temperature: 0.5, [name]: value }), Class, name, ...parts);
    });
    sampler.dispose();
  });
}

/** Options that do not go together: what the message must name. */
const TOGETHER = [
  [{ mirostat: 2, adaptiveTarget: 0.5 }, 'mirostat', 'adaptiveTarget'],
  [{ mirostat: 1, order: ['mirostat', 'topK', 'draw'] }, 'mirostat', "'topK'"],
  [{ adaptiveTarget: 0, order: ['adaptive', 'mask'] }, 'adaptiveTarget', "'mask'"],
  [{ xtcProbability: 0.5, order: ['topK', 'draw'] }, 'xtcProbability', "'xtc'"],
  [{ mirostat: 2, topK: 40, order: 'llama.cpp' }, 'mirostat', 'topK', 'llama.cpp'],
  [{ mirostat: 2, topP: 0.9, order: 'llama.cpp' }, 'mirostat', 'topP', 'llama.cpp'],
  [{ mirostat: 1, minP: 0.1, order: 'llama.cpp' }, 'mirostat', 'minP', 'llama.cpp'],
  [{ mirostat: 1, minKeep: 2, order: 'llama.cpp' }, 'mirostat', 'minKeep', 'llama.cpp'],
  [{ mirostat: 2, typicalP: 0.9, order: 'llama.cpp' }, 'mirostat', 'typicalP', 'llama.cpp'],
  [{ mirostat: 2, topNSigma: 1, order: 'llama.cpp' }, 'mirostat', 'topNSigma', 'llama.cpp'],
  [{ mirostat: 2, xtcProbability: 0.5, order: 'llama.cpp' }, 'mirostat', 'xtcProbability', 'llama.cpp'],
  [{ mirostat: 2, repetitionPenalty: 1.1, order: 'llama.cpp' }, 'mirostat', 'repetitionPenalty', 'llama.cpp'],
  [{ mirostat: 2, dynatempRange: 0.5, order: 'llama.cpp' }, 'mirostat', 'dynatempRange', 'llama.cpp'],
  [{ mirostat: 2, adaptiveTarget: 0.5, order: 'llama.cpp' }, 'mirostat', 'adaptiveTarget', 'llama.cpp'],
];

for (const [options, ...parts] of TOGETHER) {
  test(`Sampler: together: ${JSON.stringify(options)}`, () => {
    throws(() => new Sampler(VOCABULARY, options), RangeError, ...parts);
    const sampler = new Sampler(VOCABULARY, { seed: 5 });
    unchanged(sampler, () => {
      throws(() => sampler.configure(options), RangeError, ...parts);
    });
    sampler.dispose();
  });
}

test('Sampler: what goes together', () => {
  for (const options of [
    { mirostat: 2, temperature: 0.7, logitBias: { 3: 1 }, order: 'llama.cpp' },
    { mirostat: 2, topK: 40, minP: 0.01, xtcProbability: 0.5 },
    { adaptiveTarget: 0.5, topK: 40, order: 'llama.cpp' },
    { adaptiveTarget: -1, mirostat: 1, order: ['adaptive', 'mirostat', 'draw'] },
    { mirostat: 1, order: ['mirostat', 'adaptive'] },
    { mirostat: 0, order: ['mirostat', 'topK'] },
  ]) {
    const sampler = new Sampler(VOCABULARY, options);
    assert.ok(sampler.sample(row) >= 0, JSON.stringify(options));
    sampler.dispose();
  }
});

/** Whatever happens in `action`, nothing that can be read off the sampler may have changed. */
function unchanged(sampler, action) {
  const state = () => ({
    position: sampler.position,
    history: Array.from(sampler.history),
    options: structuredClone(sampler.options),
    seed: sampler.seed,
    stream: sampler.stream,
    mask: sampler.mask,
    logits: sampler.logits.slice(),
    law: sampler.distribution(row),
    next: sampler.sample(row, { record: false }),
    last: structuredClone(sampler.last),
  });
  sampler.sample(row, { record: false });
  const before = state();
  action();
  assert.deepEqual(structuredClone(sampler.last), before.last, 'last');
  assert.deepEqual(state(), before);
}

test('an option that the order would ignore names both', () => {
  const order = ['temperature', 'draw'];
  throws(() => new Sampler(VOCABULARY, { order, topK: 5 }), RangeError, 'topK', 'order');
  throws(
    () => new Sampler(VOCABULARY, { order, presencePenalty: 1 }),
    RangeError,
    'presencePenalty',
    'order',
  );
  throws(() => new Sampler(VOCABULARY, { order, logitBias: { 1: 1 } }), RangeError, 'logitBias', 'order');
  new Sampler(VOCABULARY, { order, topK: 0, topP: 1, minP: 0 }).dispose();
});

test('unknown options get a hint', () => {
  for (const [wrong, right] of [
    ['top_k', 'topK'],
    ['top_p', 'topP'],
    ['temprature', 'temperature'],
    ['repetition_penalty', 'repetitionPenalty'],
    ['logit_bias', 'logitBias'],
  ]) {
    throws(() => new Sampler(VOCABULARY, { [wrong]: 1 }), TypeError, wrong, right);
  }
  throws(() => new Sampler(VOCABULARY, { nonsense: 1 }), TypeError, 'nonsense');
  throws(() => new Sampler(VOCABULARY, 5), TypeError, '5');
});

test('the size of the vocabulary', () => {
  for (const n of [0, -1, 1.5, NAN, INF, 2 ** 31])
    throws(() => new Sampler(n), RangeError, 'vocabSize', String(n));
  for (const n of [undefined, '100', null, 5n]) throws(() => new Sampler(n), TypeError, 'vocabSize');
});

test('sample and distribution: bad rows', () => {
  const sampler = new Sampler(VOCABULARY, { seed: 5, presencePenalty: 1, logitBias: { 3: 1 }, topK: 20 });
  sampler.accept([1, 2, 3]);
  const nan = row.slice();
  nan[7] = NAN;
  nan[99] = NAN;
  const banned = new Float32Array(VOCABULARY).fill(MASKED);
  for (const call of [(x, o) => sampler.sample(x, o), (x, o) => sampler.distribution(x, o)]) {
    unchanged(sampler, () => {
      throws(() => call(new Float32Array(99)), RangeError, '100', '99');
      throws(() => call(new Float32Array(101)), RangeError, '100', '101');
      throws(() => call([]), Error);
      throws(() => call('row'), TypeError, 'row');
      throws(() => call(new Uint16Array(VOCABULARY)), TypeError, 'dtype');
      throws(() => call(new Array(VOCABULARY).fill('1')), TypeError, '[0]', '"1"');
      throws(() => call(detached()), TypeError, 'detached');
      throws(() => call(row, { nonsense: 1 }), TypeError, 'nonsense');
      throws(() => call(row, { mask: [1, 2, 3, 4] }), TypeError, 'mask', 'Int32Array');
      throws(() => call(row, { mask: new Int32Array(5) }), RangeError, 'mask', '4', '5');
      for (const x of [nan, Array.from(nan), Float64Array.from(nan)]) {
        const before = Array.from(x);
        assert.throws(() => call(x), { name: 'LogitsError', code: 'nan', index: 7, count: 2 });
        assert.deepEqual(Array.from(x), before);
      }
      assert.throws(() => call(banned), { name: 'LogitsError', code: 'masked' });
      assert.throws(() => call(row, { mask: new Int32Array(4) }), { name: 'LogitsError', code: 'masked' });
    });
  }
  sampler.dispose();
});

test('NaN under a mask is still NaN in the row', () => {
  const sampler = new Sampler(VOCABULARY, { temperature: 0 });
  const x = row.slice();
  x[40] = NAN;
  assert.throws(() => sampler.sample(x, { mask: Int32Array.of(-1) }), { code: 'nan', index: 40 });
  sampler.dispose();
});

test('errors inside sampler.logits leave the row as it was', () => {
  const options = { logitBias: { 1: 5, 2: MASKED }, presencePenalty: 3, seed: 1 };
  const sampler = new Sampler(4, options);
  sampler.accept([0, 3]);
  for (const bad of [
    [1, 2, NAN, 4],
    [MASKED, MASKED, 1, MASKED],
  ]) {
    sampler.logits.set(bad);
    assert.throws(() => sampler.sample(), LogitsError);
    assert.throws(() => sampler.distribution(), LogitsError);
    assert.deepEqual(Array.from(sampler.logits), bad);
  }
  assert.equal(sampler.position, 2);
  sampler.dispose();
});

test('accept: tokens', () => {
  const sampler = new Sampler(VOCABULARY, { seed: 5, frequencyPenalty: 0.5 });
  sampler.accept([1, 2, 3]);
  unchanged(sampler, () => {
    throws(() => sampler.accept(100), RangeError, '100');
    throws(() => sampler.accept(-1), RangeError, '-1');
    throws(() => sampler.accept(1.5), RangeError, '1.5');
    throws(() => sampler.accept([1, 2, 100]), RangeError, '100');
    throws(() => sampler.accept(Int32Array.of(5, -1)), RangeError, '-1');
    throws(() => sampler.accept([1n, 100n]), RangeError, '100');
    throws(() => sampler.accept(BigInt64Array.of(4n, 2n ** 40n)), RangeError, '1099511627776');
    throws(() => sampler.accept('5'), TypeError, '"5"');
    throws(() => sampler.accept([1, '5']), TypeError, '"5"');
    throws(() => sampler.accept(undefined), TypeError, 'undefined');
    throws(() => sampler.accept(1, { prmpt: true }), TypeError, 'prmpt', 'prompt');
  });
  sampler.dispose();
});

test('rewind: past the prompt', () => {
  const sampler = new Sampler(VOCABULARY, { seed: 5 });
  sampler.accept([1, 2, 3], { prompt: true });
  sampler.accept([4, 5]);
  unchanged(sampler, () => {
    throws(() => sampler.rewind(3), RangeError, '2', '3');
    throws(() => sampler.rewind(-1), RangeError, '-1');
    throws(() => sampler.rewind(0.5), RangeError, '0.5');
    throws(() => sampler.rewind('1'), TypeError, '"1"');
  });
  sampler.rewind(2);
  assert.throws(() => sampler.rewind(1), RangeError);
  sampler.dispose();
});

test('the default mask', () => {
  const sampler = new Sampler(VOCABULARY);
  unchanged(sampler, () => {
    throws(() => (sampler.mask = [1, 2, 3, 4]), TypeError, 'mask', 'Int32Array');
    throws(() => (sampler.mask = new Int32Array(5)), RangeError, 'mask', '4', '5');
    throws(() => (sampler.mask = 7), TypeError, 'mask', '7');
  });
  sampler.dispose();
});

test('a mask that the order would ignore names both', () => {
  const sampler = new Sampler(VOCABULARY, { order: ['topK', 'draw'] });
  const mask = new Int32Array(4).fill(-1);
  throws(() => sampler.sample(row, { mask }), RangeError, 'mask', 'order');
  throws(() => sampler.distribution(row, { mask }), RangeError, 'mask', 'order');
  throws(() => (sampler.mask = mask), RangeError, 'mask', 'order');
  assert.equal(sampler.position, 0);
  sampler.dispose();
});

test('distribution: top', () => {
  const sampler = new Sampler(VOCABULARY);
  for (const top of [0, -1, 1.5])
    throws(() => sampler.distribution(row, { top }), RangeError, 'top', String(top));
  throws(() => sampler.distribution(row, { top: '5' }), TypeError, 'top', '"5"');
  sampler.dispose();
});

test('memory that cannot grow is a RangeError, and everything goes on', () => {
  const sampler = new Sampler(VOCABULARY, { seed: 1 });
  sampler.logits.set(row);
  // What an engine does that has no memory left.
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = () => {
    throw new RangeError('out of memory');
  };
  try {
    throws(() => alloc(2 ** 24), RangeError, 'alloc', 'memory');
  } finally {
    prototype.grow = grow;
  }
  assert.deepEqual(sampler.logits, row);
  assert.deepEqual(Array.from(softmax([0, 0])), [0.5, 0.5]);
  assert.equal(sampler.sample(row), sampler.last.token);
  sampler.dispose();
});

test('the classes of errors', () => {
  for (const Class of [LogitsError, StateError, UnsupportedError]) {
    assert.equal(typeof Class, 'function');
    assert.ok(Class.prototype instanceof Error);
    assert.equal(new Class('nan', 'text').name, Class.name);
  }
});
