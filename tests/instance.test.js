import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const INDEX = JSON.stringify(new URL('../js/index.js', import.meta.url).href);
const WASM = JSON.stringify(new URL('../dist/logitkit.wasm', import.meta.url).pathname);

/** Runs the body of a module in a fresh process, where nothing is compiled yet, and returns its `said`. */
function fresh(body) {
  const source = `const said = []; ${body}; console.log(JSON.stringify(said));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' }),
  );
}

/** What three ways to the core say in a process whose globals `before` has changed. */
function refused(before) {
  return fresh(`
    ${before}
    const { softmax, Sampler, init, UnsupportedError } = await import(${INDEX});
    for (const call of [() => softmax([1, 2]), () => new Sampler(10).sample(new Float32Array(10)), () => init()]) {
      try {
        await call();
        said.push('no error');
      } catch (error) {
        said.push((error instanceof UnsupportedError) + ' ' + error.name + ': ' + error.message);
      }
    }
  `);
}

test('UnsupportedError: no WebAssembly', () => {
  for (const said of refused('delete globalThis.WebAssembly;')) {
    assert.match(said, /^true UnsupportedError: .*WebAssembly.*logitkit\/js/);
  }
});

test('UnsupportedError: no SIMD', () => {
  const host = `
    const refuse = () => { throw new WebAssembly.CompileError('invalid SIMD opcode'); };
    WebAssembly.validate = () => false;
    WebAssembly.Module = class { constructor() { refuse(); } };
    WebAssembly.compile = async () => refuse();
    WebAssembly.instantiate = async () => refuse();
  `;
  for (const said of refused(host))
    assert.match(said, /^true UnsupportedError: .*without SIMD.*logitkit\/js/);
});

test('UnsupportedError: a policy that forbids compiling', () => {
  const host = `
    const refuse = () => { throw new WebAssembly.CompileError('Wasm code generation disallowed by embedder'); };
    WebAssembly.Module = class { constructor() { refuse(); } };
    WebAssembly.compile = async () => refuse();
    WebAssembly.instantiate = async () => refuse();
  `;
  for (const said of refused(host))
    assert.match(said, /^true UnsupportedError: .*wasm-unsafe-eval.*logitkit\/js/s);
});

test('a host that does nothing at once on its main thread, as Chrome before 114: await init() is enough', () => {
  const said = fresh(`
    const refuse = (what) => {
      throw new RangeError('WebAssembly.' + what + ' is disallowed on the main thread, if the buffer size is larger than 4KB');
    };
    const { compile } = WebAssembly;
    const module = await compile((await import('node:fs')).readFileSync(${WASM}));
    WebAssembly.Module = class { constructor() { refuse('Compile'); } };
    WebAssembly.Instance = class { constructor() { refuse('Instance'); } };
    const { softmax, init } = await import(${INDEX});
    try {
      softmax([1, 2]);
    } catch (error) {
      said.push(error.name + ': ' + error.message);
    }
    await Promise.all([init(), init(module)]);
    said.push(softmax([1, 1])[0]);
  `);
  assert.match(said[0], /^UnsupportedError: .*await init\(\)/);
  assert.equal(said[1], 0.5);
});

test('import compiles nothing; the first call does, once', () => {
  const said = fresh(`
    const { Module } = WebAssembly;
    let compiled = 0;
    WebAssembly.Module = new Proxy(Module, { construct(Target, list) { compiled++; return new Target(...list); } });
    const { softmax, argmax, Sampler, init } = await import(${INDEX});
    said.push(compiled);
    softmax([1, 2]);
    said.push(compiled);
    argmax([1, 2]);
    new Sampler(10).dispose();
    await init();
    await init();
    said.push(compiled);
  `);
  assert.deepEqual(said, [0, 1, 1]);
});

for (const [kind, source] of [
  ['bytes', 'bytes'],
  ['an ArrayBuffer', 'bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)'],
  ['a module', 'await WebAssembly.compile(bytes)'],
  ['a Response', "new Response(bytes, { headers: { 'content-type': 'application/wasm' } })"],
  ['a Response of another type', 'new Response(bytes)'],
  ['a promise', 'Promise.resolve(bytes)'],
  ['a data URL', "'data:application/wasm;base64,' + bytes.toString('base64')"],
]) {
  test(`init from ${kind}: the embedded core is not needed`, () => {
    const said = fresh(`
      import { readFileSync } from 'node:fs';
      const bytes = readFileSync(${WASM});
      const { softmax, init } = await import(${INDEX});
      await init(${source});
      WebAssembly.Module = null;
      said.push(...softmax([0, 0]));
    `);
    assert.deepEqual(said, [0.5, 0.5]);
  });
}

for (const [kind, source] of [
  ['foreign bytes', 'new Uint8Array([1, 2, 3, 4])'],
  ['damaged bytes', 'bytes.subarray(0, 1000)'],
  ['another module', 'new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))'],
  ['a failed answer', "new Response('no', { status: 404 })"],
  ['a number', '5'],
]) {
  test(`init from ${kind} is a TypeError, and the embedded core still serves`, () => {
    const said = fresh(`
      import { readFileSync } from 'node:fs';
      const bytes = readFileSync(${WASM});
      const { softmax, init } = await import(${INDEX});
      await init(${source}).catch((error) => said.push(error.name, error.message));
      said.push(softmax([0, 0])[0]);
    `);
    assert.equal(said[0], 'TypeError');
    assert.match(said[1], /^init: /);
    assert.equal(said[2], 0.5);
  });
}
