/** The published files as a browser takes them from a server, without a bundler: the same numbers as in Node. */
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as logitkit from 'logitkit';
import { serve } from '../../scripts/serve.js';
import { BROWSERS, DIST, open } from './browsers.js';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; img-src data:">
<title>logitkit</title>
<link rel="icon" href="data:,">
<script type="module" src="page.js"></script>
</head>
<body></body>
</html>
`;

/**
 * Runs in Node and in the browsers: the bits of functions and of a sampled text as one digest, and some of it plain.
 * It names nothing outside itself, so its source can be a file of the page.
 * @param {typeof logitkit} package_
 */
function work({ logSoftmax, Sampler, softmax, topK }) {
  const size = 32000;
  const row = new Float32Array(size);
  let state = 12345;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    row[i] = state / 2 ** 28 - 8;
  }
  let digest = 2166136261;
  /** @param {ArrayBufferView} view */
  const add = (view) => {
    for (const byte of new Uint8Array(view.buffer, view.byteOffset, view.byteLength)) {
      digest = Math.imul(digest ^ byte, 16777619) >>> 0;
    }
  };
  for (const temperature of [0.25, 1, 3.7, -1]) {
    add(softmax(row, { temperature }));
    add(logSoftmax(row, { temperature }));
  }
  add(Uint32Array.from(topK(row, 50).ids));
  const tokens = [];
  for (const options of [
    { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 42, repetitionPenalty: 1.1 },
    { temperature: 1.3, topP: 0.9, seed: 7 },
    { seed: 2n ** 63n + 5n },
  ]) {
    const sampler = new Sampler(size, options);
    for (let i = 0; i < 50; i++) tokens.push(sampler.sample(row));
    sampler.dispose();
  }
  // Often enough that an engine optimises it.
  const few = new Sampler(512, { temperature: 0.9, minP: 0.02, frequencyPenalty: 0.4, seed: 42 });
  const ids = Array.from({ length: 512 }, (_, id) => id);
  for (let i = 0; i < 200; i++) {
    const logprobs = ids.map(() => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return -1 - state / 2 ** 28;
    });
    tokens.push(few.sampleFrom(ids, logprobs, { kind: 'logprobs' }));
  }
  few.dispose();
  add(Int32Array.from(tokens));
  return { example: Array.from(softmax([1, 5, 6, 3])), tokens, digest };
}

/** @type {string} */
let folder;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logitkit-page-'));
  await writeFile(join(folder, 'index.html'), PAGE);
  for (const file of ['index.js', 'library.js', 'core.js'])
    await copyFile(join(DIST, file), join(folder, file));
  await writeFile(
    join(folder, 'page.js'),
    `import * as logitkit from './index.js';\n${work}\nglobalThis.result = work(logitkit);\n`,
  );
  server = await serve(folder);
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

for (const { name, launch } of BROWSERS) {
  describe(`the package in ${name}`, () => {
    test('gives the bits and the tokens that it gives in Node', async () => {
      const here = work(logitkit);
      assert.ok(new Set(here.tokens).size > 20, 'the text is not constant');
      const browser = await launch();
      try {
        const { page, close } = await open(browser, server.url);
        await page.waitForFunction(() => 'result' in globalThis);
        const there = await page.evaluate(() => /** @type {any} */ (globalThis).result);
        assert.deepEqual(there, here);
        assert.deepEqual(
          there.example.map((/** @type {number} */ p) => p.toFixed(4)),
          ['0.0047', '0.2583', '0.7020', '0.0350'],
        );
        await close();
      } finally {
        await browser.close();
      }
    });
  });
}
