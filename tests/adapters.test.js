// The adapters as published: what they weigh and import, and what they do with what each host is known to give.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { LogitsError, Sampler } from 'logitkit';
import { Sampler as PlainSampler } from 'logitkit/js';
import { sampleTensor, sampleTensorAsync } from 'logitkit/onnxruntime';
import { logitsProcessor } from 'logitkit/transformers';
import { logitProcessor } from 'logitkit/web-llm';
import { toFloat16 } from './helpers/half.js';
import { normal } from './helpers/rows.js';

const KB = 1024;
const VOCABULARY = 300;
const CHAIN = { temperature: 0.8, topK: 40, topP: 0.95, repetitionPenalty: 1.2, seed: 42 };
const rows = Array.from({ length: 8 }, (_, i) => normal(VOCABULARY, i, 3));

/** What a Sampler draws from the rows by itself. */
function alone(options, prompt = [], given = rows) {
  const sampler = new Sampler(given[0].length, options);
  sampler.accept(prompt, { prompt: true });
  return given.map((row) => sampler.sample(row));
}

for (const name of ['transformers', 'web-llm', 'onnxruntime']) {
  for (const [file, library] of [
    [`dist/${name}.js`, './index.js'],
    [`dist/${name}.workerd.js`, './index.workerd.js'],
  ]) {
    test(`${file} imports at most the library and takes at most 3 KB gzipped`, () => {
      const text = readFileSync(file, 'utf8');
      const imports = [...text.matchAll(/\bfrom\s*["']([^"']+)["']|\bimport\s*\(?\s*["']([^"']+)/g)];
      assert.deepEqual(
        [...new Set(imports.map(([, from, bare]) => from ?? bare))],
        name === 'onnxruntime' ? [] : [library],
      );
      const size = gzipSync(text, { level: 9 }).length;
      assert.ok(size <= 3 * KB, `${size} bytes`);
    });
  }
}

describe('web-llm', () => {
  /** WebLLM's order of calls for one answer: rows in, the token it drew out. */
  function answer(processor, given = rows) {
    return given.map((row) => {
      const logits = processor.processLogits(row.slice());
      const token = logits.indexOf(Math.max(...logits));
      processor.processSampledToken(token);
      return token;
    });
  }

  test('the tokens of a Sampler, again after resetState', () => {
    const processor = logitProcessor(CHAIN);
    processor.resetState();
    assert.deepEqual(answer(processor), alone(CHAIN));
    processor.resetState();
    assert.deepEqual(answer(processor), alone(CHAIN));
  });

  test('an absent seed is drawn anew with each sequence', () => {
    const processor = logitProcessor({ vocabSize: VOCABULARY });
    const seeds = Array.from({ length: 4 }, () => {
      processor.resetState();
      return processor.sampler.seed;
    });
    assert.equal(new Set(seeds).size, 4);
  });

  test('the row that comes back: the same array, all but one token at a finite floor', () => {
    const row = rows[0].slice();
    const back = logitProcessor(CHAIN).processLogits(row);
    assert.equal(back, row);
    assert.deepEqual([...new Set(back)].sort(), [Math.fround(-1e30), 0]);
    assert.ok(Math.fround(Math.fround(-1e30) / 1e-6) > -Infinity);
  });

  test('what a grammar masked with the lowest float32 stays masked', () => {
    const row = new Float32Array(VOCABULARY).fill(-3.4028234663852886e38);
    row[7] = -3e37;
    const processor = logitProcessor({ temperature: Infinity, seed: 1 });
    for (let i = 0; i < 20; i++) assert.deepEqual(answer(processor, [row]), [7]);
  });

  test('a token that WebLLM drew otherwise, or replays, counts as its own', () => {
    const processor = logitProcessor(CHAIN);
    processor.processSampledToken(3); // replayed before any row
    const first = processor.processLogits(rows[0].slice()).indexOf(0);
    processor.processSampledToken((first + 1) % VOCABULARY);
    processor.processLogits(rows[1].slice());
    const direct = new Sampler(VOCABULARY, CHAIN);
    direct.accept([3, (first + 1) % VOCABULARY]);
    direct.sample(rows[1]);
    assert.deepEqual(processor.sampler.history, direct.history);
    assert.equal(processor.sampler.position, 3);
  });

  test('a changed vocabulary, and what is no row, name host and version', () => {
    const processor = logitProcessor(CHAIN);
    answer(processor);
    const told = { name: 'TypeError', message: /WebLLM 0\.2\.86\): expected .*, got / };
    assert.throws(() => processor.processLogits(new Float32Array(VOCABULARY + 1)), told);
    for (const wrong of [undefined, [1, 2], new Float64Array(4), new Float32Array(0)])
      assert.throws(() => processor.processLogits(wrong), told);
    assert.equal(processor.sampler.position, rows.length);
    processor.resetState();
    assert.equal(processor.processLogits(new Float32Array(VOCABULARY + 1)).length, VOCABULARY + 1);
    const fixed = logitProcessor({ vocabSize: 9 });
    assert.throws(() => fixed.processLogits(new Float32Array(10)), told);
  });

  test('options that are no object, and tokens that the vocabulary has not', () => {
    for (const wrong of [null, 'x', [1]])
      assert.throws(() => logitProcessor(wrong), { name: 'TypeError', message: /logitProcessor: options/ });
    const told = { name: 'RangeError', message: /WebLLM 0\.2\.86\): accept: .*\[0, 299\], got 300/ };
    const processor = logitProcessor(CHAIN);
    processor.processSampledToken(VOCABULARY); // replayed before any row
    for (let i = 0; i < 2; i++) assert.throws(() => processor.processLogits(rows[0].slice()), told);
    processor.resetState();
    processor.processLogits(rows[0].slice());
    for (let i = 0; i < 2; i++) assert.throws(() => processor.processSampledToken(VOCABULARY), told);
    processor.processSampledToken(5);
    assert.deepEqual([...processor.sampler.history], [5]);
  });

  test('NaN leaves row and state as they were', () => {
    const processor = logitProcessor(CHAIN);
    const row = rows[0].slice();
    row[5] = Number.NaN;
    const before = row.slice();
    assert.throws(() => processor.processLogits(row), LogitsError);
    assert.deepEqual(row, before);
    assert.deepEqual(answer(processor), alone(CHAIN));
  });
});

describe('onnxruntime', () => {
  const tensor = (dims, data, more = {}) => ({ type: 'float32', location: 'cpu', dims, data, ...more });
  const pair = (seed = 1) => [new Sampler(VOCABULARY, { seed }), new Sampler(VOCABULARY, { seed: seed + 1 })];
  const flat = (list) => Float32Array.from(list.flatMap((row) => [...row]));

  test('the last rows of [V], [B, V] and [B, S, V]', () => {
    const [a, b] = pair();
    const expected = Int32Array.of(a.sample(rows[3]), b.sample(rows[7]));
    const one = tensor([VOCABULARY], rows[3]);
    assert.deepEqual(sampleTensor(one, pair()[0]), expected.subarray(0, 1));
    const two = tensor([2, VOCABULARY], flat([rows[3], rows[7]]));
    assert.deepEqual(sampleTensor(two, pair()), expected);
    const all = tensor([2, 4, VOCABULARY], flat(rows));
    assert.deepEqual(sampleTensor(all, pair()), expected);
  });

  test('samplers of logitkit/js draw the same', () => {
    const two = tensor([2, VOCABULARY], flat([rows[3], rows[7]]));
    const plain = [1, 2].map((seed) => new PlainSampler(VOCABULARY, { seed }));
    assert.deepEqual(sampleTensor(two, plain), sampleTensor(two, pair()));
  });

  test('positions choose other rows: batches padded on the right', () => {
    const [a, b] = pair();
    const expected = Int32Array.of(a.sample(rows[1]), b.sample(rows[6]));
    const all = tensor([2, 4, VOCABULARY], flat(rows));
    assert.deepEqual(sampleTensor(all, pair(), { positions: [1, 2] }), expected);
    assert.throws(() => sampleTensor(all, pair(), { positions: [1, 4] }), RangeError);
    assert.throws(() => sampleTensor(all, pair(), { positions: [1] }), RangeError);
  });

  test('padding behind the vocabulary is never drawn', () => {
    const padded = rows.slice(0, 2).map((row) => Float32Array.of(...row, 99, 99, 99));
    const [a, b] = pair();
    const expected = Int32Array.of(a.sample(rows[0]), b.sample(rows[1]));
    assert.deepEqual(sampleTensor(tensor([2, VOCABULARY + 3], flat(padded)), pair()), expected);
  });

  test('float16, as bits and as a Float16Array where there is one', () => {
    const bits = Uint16Array.from(rows[2], toFloat16);
    const half = tensor([1, VOCABULARY], bits, { type: 'float16' });
    const direct = new Sampler(VOCABULARY, { seed: 1 });
    const expected = Int32Array.of(direct.sample(bits, { dtype: 'float16' }));
    assert.deepEqual(sampleTensor(half, pair()[0]), expected);
    if (typeof Float16Array === 'function') {
      const view = new Float16Array(bits.buffer);
      assert.deepEqual(sampleTensor({ ...half, data: view }, pair()[0]), expected);
    }
  });

  test('a tensor on the GPU is fetched, and refused where nothing can be awaited', async () => {
    const gpu = {
      type: 'float32',
      location: 'gpu-buffer',
      dims: [1, VOCABULARY],
      get data() {
        throw new Error('The data is not on CPU.');
      },
      getData: async () => rows[2],
    };
    assert.deepEqual(
      await sampleTensorAsync(gpu, pair()[0]),
      sampleTensor(tensor([VOCABULARY], rows[2]), pair()[0]),
    );
    assert.throws(() => sampleTensor(gpu, pair()[0]), {
      name: 'TypeError',
      message:
        /ONNX Runtime 1\.30, 1\.31\): expected a tensor on the CPU \(sampleTensorAsync.*got "gpu-buffer"/,
    });
  });

  test('another dtype, rank or number of rows names host, version and what was expected', () => {
    const told = { name: 'TypeError', message: /ONNX Runtime 1\.30, 1\.31\): expected .*, got / };
    const sampler = pair()[0];
    for (const wrong of [
      undefined,
      {},
      tensor([1, VOCABULARY], new BigInt64Array(VOCABULARY), { type: 'int64' }),
      tensor([1, VOCABULARY], new Uint16Array(VOCABULARY)),
      tensor([1, 1, 1, VOCABULARY], rows[0]),
      tensor([1, VOCABULARY + 1], rows[0]),
      tensor([], rows[0]),
      tensor([1, 0, VOCABULARY], new Float32Array(0)),
      tensor([0, VOCABULARY], new Float32Array(0)),
      tensor([1, 0], new Float32Array(0)),
      tensor(undefined, rows[0]),
    ])
      assert.throws(() => sampleTensor(wrong, sampler), told);
    assert.throws(() => sampleTensor(tensor([0, VOCABULARY], new Float32Array(0)), []), told);
    assert.throws(() => sampleTensor(tensor([2, VOCABULARY], flat(rows.slice(0, 2))), sampler), RangeError);
    assert.throws(() => sampleTensor(tensor([10], rows[0].subarray(0, 10)), sampler), RangeError);
    assert.equal(sampler.position, 0);
  });

  test('what is no Sampler, an unknown option, positions for other sequences: each is named', () => {
    const sampler = pair()[0];
    const one = tensor([VOCABULARY], rows[0]);
    for (const wrong of [undefined, {}, [undefined], VOCABULARY])
      assert.throws(() => sampleTensor(one, wrong), { name: 'TypeError', message: /must be a Sampler/ });
    const mask = new Int32Array(10);
    assert.throws(() => sampleTensor(one, sampler, { mask }), { name: 'TypeError', message: /"mask"/ });
    assert.throws(() => sampleTensor(one, sampler, null), { name: 'TypeError', message: /options/ });
    assert.throws(() => sampleTensor(one, sampler, { positions: 0 }), {
      name: 'TypeError',
      message: /positions/,
    });
    assert.throws(() => sampleTensor(one, sampler, { positions: [0, 0] }), {
      name: 'RangeError',
      message: /positions/,
    });
    assert.equal(sampler.position, 0);
    assert.equal(sampleTensor(one, sampler, { positions: Int32Array.of(0) }).length, 1);
  });
});

describe('transformers', () => {
  const PROMPT = [5n, 6n, 7n];
  const scores = (list) => ({
    type: 'float32',
    location: 'cpu',
    dims: [list.length, VOCABULARY],
    data: Float32Array.from(list.flatMap((row) => [...row])),
  });

  /** The host's loop, greedy, for one row. */
  function generate(processor, prompt = PROMPT, given = rows) {
    const ids = [...prompt];
    return given.map((row) => {
      const { data } = processor([ids], scores([row]));
      const token = data.indexOf(Math.max(...data));
      ids.push(BigInt(token));
      return token;
    });
  }

  test('each generation: its prompt, the same seed again', () => {
    const processor = logitsProcessor(CHAIN);
    for (const prompt of [PROMPT, [9n], PROMPT])
      assert.deepEqual(generate(processor, prompt), alone(CHAIN, prompt));
  });

  test('an absent seed is drawn anew with each generation', () => {
    const processor = logitsProcessor();
    const seeds = Array.from({ length: 4 }, () => {
      generate(processor);
      return processor.samplers[0].seed;
    });
    assert.equal(new Set(seeds).size, 4);
  });

  test('a smaller batch leaves nothing of the rows that it has not', () => {
    const processor = logitsProcessor(CHAIN);
    processor([PROMPT, PROMPT, PROMPT], scores(rows.slice(0, 3)));
    assert.deepEqual([processor.chosen.length, processor.samplers.length], [3, 3]);
    processor([PROMPT], scores([rows[0]]));
    assert.deepEqual([processor.chosen.length, processor.samplers.length], [1, 1]);
  });

  test('what goes on with exactly one token goes on, reset() or not', () => {
    const processor = logitsProcessor(CHAIN);
    generate(processor, PROMPT, rows.slice(0, 1));
    processor([[...PROMPT, 77n]], scores([rows[1]]));
    assert.deepEqual(Array.from(processor.samplers[0].history).slice(0, 4), [5, 6, 7, 77]);
    assert.equal(processor.samplers[0].position, 2);
    processor.reset();
    processor([[...PROMPT, 77n, 78n]], scores([rows[1]]));
    assert.equal(processor.samplers[0].position, 1);
  });

  test('padding on the left is no part of the prompt', () => {
    for (const padTokenId of [0, 0n]) {
      const processor = logitsProcessor({ ...CHAIN, padTokenId });
      assert.deepEqual(generate(processor, [0n, 0n, 5n, 0n, 7n]), alone(CHAIN, [5, 0, 7]));
    }
  });

  test('mode filter: the survivors keep their logits, the host draws, and its token is learnt', () => {
    const options = { temperature: 0.8, topK: 40, topP: 0.9, repetitionPenalty: 1.3 };
    const processor = logitsProcessor({ ...options, mode: 'filter' });
    const direct = new Sampler(VOCABULARY, options);
    direct.accept(PROMPT, { prompt: true });
    const ids = [...PROMPT];
    for (const [i, row] of rows.entries()) {
      const { ids: kept } = direct.distribution(row);
      const { data } = processor([ids], scores([row]));
      data.forEach((x, id) => {
        assert.equal(x, kept.includes(id) ? row[id] : -Infinity);
      });
      const token = kept[i % kept.length];
      direct.accept(token);
      ids.push(BigInt(token));
    }
    assert.deepEqual(processor.samplers[0].history, direct.history.slice(0, -1));
  });

  test('settings() adds what a mode needs, and refuses what would act beside it', () => {
    const pick = logitsProcessor(CHAIN);
    assert.deepEqual(pick.settings({ max_new_tokens: 5, do_sample: false, temperature: null }), {
      max_new_tokens: 5,
      do_sample: false,
      temperature: null,
      logits_processor: pick,
    });
    const filter = logitsProcessor({ mode: 'filter', topK: 40 });
    assert.deepEqual(filter.settings({ temperature: 0.5 }), {
      do_sample: true,
      top_k: 0,
      temperature: 0.5,
      logits_processor: filter,
    });
    for (const wrong of [
      { do_sample: true },
      { temperature: 0.5 },
      { top_k: 4 },
      { top_p: 0.9 },
      { num_beams: 2 },
    ])
      assert.throws(() => pick.settings(wrong), {
        name: 'RangeError',
        message: new RegExp(Object.keys(wrong)[0]),
      });
    for (const wrong of [{ top_p: 0.9 }, { num_beams: 4 }, { num_return_sequences: 2 }])
      assert.throws(() => filter.settings(wrong), {
        name: 'RangeError',
        message: new RegExp(Object.keys(wrong)[0]),
      });
  });

  test('settings() refuses what the host would read past, and beams in a generation_config', () => {
    for (const mode of ['pick', 'filter']) {
      const { settings } = logitsProcessor({ mode });
      for (const wrong of [
        { min_p: 0.1 },
        { typical_p: 0.9 },
        { epsilon_cutoff: 1e-3 },
        { eta_cutoff: 1e-3 },
        { topK: 40 },
        { seed: 1 },
      ])
        assert.throws(() => settings(wrong), {
          name: 'RangeError',
          message: new RegExp(`: ${Object.keys(wrong)[0]} does not go`),
        });
      for (const name of ['num_beams', 'num_return_sequences']) {
        const told = { name: 'RangeError', message: new RegExp(`${name} must be 1, got 4`) };
        assert.throws(() => settings({ generation_config: { [name]: 4 } }), told);
        assert.equal(settings({ generation_config: { [name]: 1 } }).generation_config[name], 1);
      }
      assert.throws(() => settings(null), { name: 'TypeError', message: /must be an object, got null/ });
      const { do_sample } = settings({ do_sample: undefined, min_p: null });
      assert.equal(do_sample, mode === 'filter');
    }
    assert.equal(logitsProcessor({ mode: 'filter' }).settings({ top_k: null }).top_k, 0);
  });

  test('unknown options are refused at once, values too where the vocabulary is given', () => {
    assert.throws(() => logitsProcessor({ top_k: 4 }), { name: 'TypeError', message: /top_k.*topK/ });
    assert.throws(() => logitsProcessor({ mode: 'beam' }), RangeError);
    assert.throws(() => logitsProcessor({ mode: 'filter', xtcProbability: 0.5 }), RangeError);
    assert.throws(() => logitsProcessor({ mode: 'filter', seed: 0 }), RangeError);
    logitsProcessor({ mode: 'filter', xtcProbability: 0, seed: undefined, method: 'exact' });
    for (const wrong of [null, 'x', [1]])
      assert.throws(() => logitsProcessor(wrong), { name: 'TypeError', message: /logitsProcessor: options/ });
    for (const [padTokenId, name] of [
      [null, 'TypeError'],
      ['0', 'TypeError'],
      [0.5, 'RangeError'],
      [-1n, 'RangeError'],
    ])
      assert.throws(() => logitsProcessor({ padTokenId }), {
        name,
        message: /padTokenId must be an integer/,
      });
    assert.throws(() => logitsProcessor({ vocabSize: 9, logitBias: { 9: 1 } }), RangeError);
    assert.throws(() => generate(logitsProcessor({ logitBias: { [VOCABULARY]: 1 } })), RangeError);
  });

  test('what is not known of the host names it, its version and what was expected', () => {
    const told = { name: 'TypeError', message: /transformers\.js 4\.3\.1\): expected .*, got / };
    const processor = logitsProcessor(CHAIN);
    const good = scores([rows[0]]);
    for (const wrong of [
      undefined,
      { ...good, type: 'float16', data: new Uint16Array(VOCABULARY) },
      { ...good, location: 'gpu-buffer' },
      {
        type: 'float32',
        dims: good.dims,
        location: 'gpu-buffer',
        get data() {
          throw new Error('The data is not on CPU. Use `getData()` to download GPU data to CPU.');
        },
      },
      { ...good, dims: [1, 1, VOCABULARY] },
      { ...good, dims: [2, VOCABULARY] },
      { ...good, data: [...rows[0]] },
    ])
      assert.throws(() => processor([PROMPT], wrong), told);
    for (const ids of [undefined, [], [PROMPT, PROMPT], [[1, 2]], [new BigInt64Array(2)]])
      assert.throws(() => processor(ids, good), told);
    assert.throws(() => processor([], { ...good, dims: [0, VOCABULARY], data: new Float32Array(0) }), told);
    assert.throws(() => processor([PROMPT], { ...good, dims: null }), told);
    const foreign = {
      name: 'RangeError',
      message: /transformers\.js 4\.3\.1\): accept: .*\[0, 299\], got 300n/,
    };
    assert.throws(() => processor([[BigInt(VOCABULARY)]], good), foreign);
  });

  test('a vocabulary that changes in mid-generation is refused, a new generation may have another', () => {
    const told = { name: 'TypeError', message: /expected rows of 300 logits, got 299/ };
    const shorter = { ...scores([rows[0]]), dims: [1, 299], data: rows[0].slice(0, 299) };
    const processor = logitsProcessor(CHAIN);
    const [token] = generate(processor, PROMPT, rows.slice(0, 1));
    assert.throws(() => processor([[...PROMPT, BigInt(token)]], shorter), told);
    processor([PROMPT], shorter);
    assert.equal(processor.samplers[0].vocabSize, 299);
    assert.throws(() => logitsProcessor({ vocabSize: 300 })([PROMPT], shorter), told);
  });

  test('an error leaves the row as it was, and the next generation is the first again', () => {
    const processor = logitsProcessor(CHAIN);
    const row = rows[0].slice();
    row[9] = Number.NaN;
    const bad = scores([row]);
    assert.throws(() => processor([PROMPT], bad), LogitsError);
    assert.deepEqual(bad.data, row);
    assert.throws(() => processor([[BigInt(VOCABULARY)]], scores([rows[0]])), RangeError);
    assert.deepEqual(generate(processor), alone(CHAIN, PROMPT));
  });

  test('dispose() gives the memory back, and the next call begins anew', () => {
    const processor = logitsProcessor(CHAIN);
    generate(processor);
    const [sampler] = processor.samplers;
    processor.dispose();
    assert.throws(() => sampler.sample(rows[0]), /disposed/);
    assert.deepEqual(generate(processor), alone(CHAIN, PROMPT));
  });
});
