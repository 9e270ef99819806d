// One source, three targets, the same bits: wasm and native run tests/native/vectors.c over src/, plain JavaScript runs
// tests/targets/. Other engines run the wasm and the plain JavaScript in tests/browser/targets.test.js.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { digest } from './vectors.js';

const built = new URL('../../build/', import.meta.url);

/** @returns {number[]} the digest of every case, from the wasm build */
function wasmDigests() {
  const module = new WebAssembly.Module(readFileSync(new URL('wasm/vectors.wasm', built)));
  const { lk_vectors, lk_vector_count } = /** @type {Record<string, (i?: number) => number>} */ (
    new WebAssembly.Instance(module).exports
  );
  return Array.from({ length: lk_vector_count() }, (_, i) => lk_vectors(i) >>> 0);
}

/** @param {string} compiler */
function nativeDigests(compiler) {
  const lines = execFileSync(fileURLToPath(new URL(`native/${compiler}/vectors`, built)), {
    encoding: 'utf8',
  })
    .trim()
    .split('\n');
  return lines.map((line) => Number.parseInt(line.split(' ')[1], 16));
}

test('wasm and native give the same bits', () => {
  const expected = wasmDigests();
  assert.ok(expected.length >= 10);
  for (const compiler of ['gcc', 'clang', 'gcc-fast', 'clang-fast'])
    assert.deepEqual(nativeDigests(compiler), expected, compiler);
});

test('the core in plain JavaScript gives the same bits', async () => {
  const { instantiate } = await import(new URL('plain/vectors.js', built).href);
  const { lk_vectors, lk_vector_count } = instantiate();
  assert.deepEqual(
    Array.from({ length: lk_vector_count() }, (_, i) => lk_vectors(i) >>> 0),
    wasmDigests(),
  );
});

test('softmax and a draw in plain JavaScript give the same bits', () => {
  assert.deepEqual([0, 1, 2].map(digest), wasmDigests().slice(0, 3));
});
