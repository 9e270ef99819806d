// `logitkit/js`: its shape, its memory, and that it gives what the main entry gives where there is no WebAssembly. The
// Makefile runs other tests with it as well; tests/targets/ compares bits.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as main from '../dist/index.js';
import * as plain from '../dist/js.js';
import { instantiate } from '../dist/plain.js';
import { lazy } from '../scripts/plain.js';
import { AROUND, ROWS } from './helpers/stages.js';

const ENTRY = new URL('../dist/js.js', import.meta.url);
const CORE = readFileSync(new URL('../dist/logitkit.wasm', import.meta.url));
const text = readFileSync(ENTRY, 'utf8');

/** Every stage once. */
const STAGES = [
  { dynatempRange: 0.5 },
  { smoothingFactor: 0.3 },
  { topNSigma: 1 },
  { epsilonCutoff: 3e-4 },
  { etaCutoff: 3e-4 },
  { topA: 0.2 },
  { tailFree: 0.95 },
  { topH: 0.6 },
  { firstTokenCutoff: 0.9 },
  { pLess: true },
  { typicalP: 0.9 },
  { skew: 0.5 },
  { xtcProbability: 0.4, xtcThreshold: 0.02 },
  { mirostat: 2, mirostatTau: 3 },
  { adaptiveTarget: 0.2 },
  { transform: /** @type {const} */ ('sparsemax') },
  { transform: /** @type {const} */ ('entmax15'), topK: 20 },
  { repetitionPenalty: 1.3, frequencyPenalty: 0.2, dryMultiplier: 0.8 },
];

/** Runs the body of a module in a host without WebAssembly, and returns its `said`. @param {string} body */
function fresh(body) {
  const program = `delete globalThis.WebAssembly; const said = [];
    const { Sampler, softmax, alloc, free, init } = await import(${JSON.stringify(ENTRY.href)});
    ${body}; console.log(JSON.stringify(said));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }),
  );
}

describe('the core in plain JavaScript', () => {
  test('exports what logitkit.wasm exports', () => {
    const names = readFileSync('src/exports.txt', 'utf8').trim().split('\n');
    assert.deepEqual(Object.keys(instantiate()).sort(), ['memory', '__heap_base', ...names].sort());
  });

  test('takes 64-bit integers as BigInts', () => {
    const wasm = /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(CORE)).exports);
    const js = instantiate();
    for (const seed of [0n, 1n, 2n ** 32n + 7n, 2n ** 63n + 2n ** 31n, 2n ** 64n - 1n])
      for (const position of [0n, 2n ** 31n, 2n ** 40n + 3n])
        assert.equal(js.lk_uniform(seed, position, 3, 5, 1), wasm.lk_uniform(seed, position, 3, 5, 1));
  });

  test('gives instances of their own, each with 1 MiB', () => {
    const [a, b] = [instantiate(), instantiate()];
    assert.notEqual(a.memory.buffer, b.memory.buffer);
    assert.equal(a.memory.buffer.byteLength, 2 ** 20);
  });

  test('is made only of what wasm2js is known to write', () => {
    for (const other of [
      '',
      'export var x = 1;',
      "import { x } from 'y';\nvar retasmFunc = asmFunc({\n});\n",
    ])
      assert.throws(() => lazy(other, '', 'other.js'), /other\.js is not what wasm2js/);
  });
});

describe('logitkit/js', () => {
  test('is one module without imports, eval and WebAssembly', () => {
    assert.doesNotMatch(text, /^import\b|["']node:|import\.meta|\beval\b|new Function|\bWebAssembly\./m);
  });

  test('weighs at most 30 KB gzipped more than the wrapper alone', () => {
    const [whole, wrapper] = ['js.js', 'library.js'].map(
      (name) => gzipSync(readFileSync(`dist/${name}`), { level: 9 }).length,
    );
    assert.ok(whole - wrapper <= 30 * 1024, `${whole} and ${wrapper} bytes`);
  });

  test('exports what the main entry exports', () => {
    assert.deepEqual(Object.keys(plain).sort(), Object.keys(main).sort());
  });

  test('does no work when imported', () => {
    const said = fresh(`
      const { ArrayBuffer: Buffer } = globalThis;
      let made = 0;
      globalThis.ArrayBuffer = class extends Buffer { constructor(n) { super(n); made += n; } };
      const again = await import(${JSON.stringify(`${ENTRY.href}?again`)});
      said.push(made);
      again.softmax([1, 2]);
      said.push(made >= 2 ** 20);
    `);
    assert.deepEqual(said, [0, true]);
  });

  test('computes the bits of the main entry: functions', () => {
    for (const [kind, row] of Object.entries(ROWS)) {
      for (const temperature of [1, 0.7, 0.01, 30, 0, -2, Number.POSITIVE_INFINITY]) {
        const [found, expected] = [plain, main].map(({ softmax, logSoftmax, logSumExp, entropy }) =>
          [softmax, logSoftmax, logSumExp, entropy].map((f) => f(row, { temperature })),
        );
        assert.deepEqual(found, expected, `${kind}, T ${temperature}`);
      }
      assert.deepEqual(plain.topK(row, 50), main.topK(row, 50), kind);
      assert.equal(plain.argmax(row), main.argmax(row), kind);
    }
  });

  test('computes the bits of the main entry: every stage', () => {
    for (const options of [...AROUND, ...STAGES]) {
      for (const [kind, row] of Object.entries(ROWS)) {
        const label = `${kind}, ${JSON.stringify(options)}`;
        const [found, expected] = [plain, main].map(({ Sampler }) => {
          const sampler = new Sampler(row.length, { seed: 2n ** 63n + 5n, ...options });
          const tokens = Array.from({ length: 6 }, () => sampler.sample(row));
          const law = sampler.distribution(row, { top: 100 });
          const stages = sampler.trace(row);
          const many = sampler.sampleN(row, 4);
          sampler.dispose();
          return { tokens, law, stages, many };
        });
        assert.deepEqual(found, expected, label);
      }
    }
  });

  test('asks nothing of the host but the language, if a seed is given: Hermes, audio worklets', () => {
    const said = fresh(`
      const absent = ['TextEncoder', 'TextDecoder', 'atob', 'crypto', 'fetch', 'structuredClone', 'FinalizationRegistry', 'URL'];
      for (const name of absent) delete globalThis[name];
      const sampler = new Sampler(9, { seed: 5, order: 'llama.cpp', logitBias: { 3: 1.5 } });
      const row = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      sampler.sample(row);
      const again = Sampler.load(sampler.save());
      said.push(again.options.order, again.fork().sample(row), sampler.fork().sample(row), softmax([0, 0])[1]);
      said.push(again.sample(row) === sampler.sample(row));
    `);
    assert.deepEqual(said, ['llama.cpp', said[2], said[2], 0.5, true]);
  });

  test('init is there, and takes no source', () => {
    const said = fresh(`
      for (const from of [new Uint8Array(8), 'https://host/logitkit.wasm'])
        await init(from).catch((error) => said.push(error.name + ': ' + error.message));
      await init();
      said.push([...softmax([0, 0])]);
    `);
    for (const message of said.slice(0, 2)) assert.match(message, /^TypeError: init: .*no source/);
    assert.deepEqual(said[2], [0.5, 0.5]);
  });
});

describe('memory without WebAssembly', () => {
  const HOSTS = {
    'ArrayBuffer.transfer':
      'ArrayBuffer.prototype.transfer ??= function () { structuredClone(this, { transfer: [this] }); };',
    structuredClone: 'delete ArrayBuffer.prototype.transfer;',
  };
  for (const [name, host] of Object.entries(HOSTS)) {
    test(`grows, and detaches what lay in it: ${name}`, () => {
      const said = fresh(`
        ${host}
        const sampler = new Sampler(10, { temperature: 0 });
        const view = sampler.logits;
        view[3] = 1;
        const row = alloc(2 ** 22);
        said.push(view.length, sampler.logits[3]);
        view[5] = 9;
        said.push(sampler.sample(), row.length);
        const late = alloc(2 ** 22);
        try { softmax(row); } catch (error) { said.push(error.name + ': ' + error.message); }
        free(row);
        free(late);
      `);
      assert.deepEqual(said.slice(0, 4), [0, 1, 3, 2 ** 22]);
      assert.match(said[4], /^TypeError: .*detached/);
    });
  }

  test('a host that can detach nothing: stale arrays hold NaN, and are not read in place', () => {
    const said = fresh(`
      delete ArrayBuffer.prototype.transfer;
      delete globalThis.structuredClone;
      const sampler = new Sampler(10, { temperature: 0 });
      const view = sampler.logits;
      view[3] = 1;
      const row = alloc(10).fill(1);
      alloc(2 ** 22);
      said.push(view.every(Number.isNaN), row.every(Number.isNaN));
      view.fill(0);
      for (const call of [() => sampler.sample(), () => softmax(row)]) {
        try { call(); said.push('no error'); } catch (error) { said.push(error.name + ': ' + error.message); }
      }
      said.push(sampler.logits[3], sampler.logits[4], sampler.sample());
    `);
    assert.deepEqual(said.slice(0, 2), [true, true]);
    assert.match(said[2], /^TypeError: .*sampler\.logits is detached/);
    assert.match(said[3], /^LogitsError: .*NaN/);
    assert.deepEqual(said.slice(4), [1, 0, 3]);
  });

  test('that cannot grow is a RangeError, and everything goes on', () => {
    const said = fresh(`
      const sampler = new Sampler(10, { temperature: 0 });
      sampler.logits[3] = 1;
      try { alloc(2 ** 29); } catch (error) { said.push(error.name + ': ' + error.message); }
      said.push(sampler.logits[3], sampler.sample(), [...softmax([0, 0])]);
    `);
    assert.match(said[0], /^RangeError: alloc: .*memory/);
    assert.deepEqual(said.slice(1), [1, 3, [0.5, 0.5]]);
  });
});
