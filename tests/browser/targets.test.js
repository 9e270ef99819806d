/** The vectors of tests/targets in browsers: wasm and plain JavaScript give there the bits they give in Node. */
import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../../scripts/serve.js';
import { digest } from '../targets/vectors.js';
import { BROWSERS, open } from './browsers.js';

const ROOT = new URL('../../', import.meta.url);
const FILES = [
  'tests/targets/vectors.js',
  'tests/targets/plain.js',
  'dist/abi.js',
  'build/wasm/vectors.wasm',
  'build/plain/vectors.js',
];

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>targets</title><link rel="icon" href="data:,"></head>
<body><script type="module" src="page.js"></script></body>
</html>
`;

const SCRIPT = `import { instantiate } from './build/plain/vectors.js';
import { digest } from './tests/targets/vectors.js';
const bytes = await (await fetch('build/wasm/vectors.wasm')).arrayBuffer();
const all = ({ lk_vectors, lk_vector_count }) =>
  Array.from({ length: lk_vector_count() }, (_, i) => lk_vectors(i) >>> 0);
const wasm = all((await WebAssembly.instantiate(bytes)).instance.exports);
globalThis.result = { wasm, core: all(instantiate()), plain: [0, 1, 2].map(digest) };
`;

/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logitkit-targets-'));
  for (const file of FILES) {
    await mkdir(join(folder, file, '..'), { recursive: true });
    await copyFile(fileURLToPath(new URL(file, ROOT)), join(folder, file));
  }
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'page.js'), SCRIPT);
  server = await serve(folder);
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

for (const { name, launch } of BROWSERS) {
  describe(name, () => {
    test('wasm and plain JavaScript give the bits of Node', async () => {
      const browser = await launch();
      try {
        const { page, close } = await open(browser, server.url);
        await page.waitForFunction(() => 'result' in globalThis);
        const { wasm, core, plain } = await page.evaluate(() => /** @type {any} */ (globalThis).result);
        assert.deepEqual(plain, [0, 1, 2].map(digest));
        assert.deepEqual(wasm.slice(0, plain.length), plain);
        assert.deepEqual(core, wasm);
        await close();
      } finally {
        await browser.close();
      }
    });
  });
}
