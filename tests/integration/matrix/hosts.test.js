/** transformers.js and onnxruntime-web in the browsers, with a model written here: the tokens that they give in Node. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { serve } from '../../../scripts/serve.js';
import { writeModel } from '../model.js';
import { ENGINES, startWebGpu } from './engines.js';
import { MODULE, page } from './pages.js';
import { here, makeProject, printed, write } from './project.js';

const SMALL = { vocab: 512, width: 16, seed: 1 };
const SAMPLING = { temperature: 0.8, minP: 0.02, frequencyPenalty: 0.5, seed: 42 };
const modules = join(here, '../node_modules');

/** What a page may load: nothing from elsewhere. */
const OWN = "default-src 'self' blob:; script-src 'self' blob: 'wasm-unsafe-eval'";

const TALK = `import { env } from '@huggingface/transformers';
import { openChat } from './chat.js';
Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, useFSCache: false, useBrowserCache: false });
export async function work(models) {
  env.localModelPath = models;
  if (globalThis.document) env.backends.onnx.wasm.wasmPaths = new URL('./', document.baseURI).href;
  const device = globalThis.document ? 'wasm' : 'cpu';
  const ask = await openChat('small', ${JSON.stringify(SAMPLING)}, { dtype: 'fp32', device });
  const answers = [];
  for (const said of ['Hello', 'And now?']) answers.push((await ask(said, () => {}, 16)).answer);
  return JSON.stringify(answers);
}\n`;

const HAND = (/** @type {object} */ session) => `import { Sampler } from 'logitkit';
import { sampleTensor } from 'logitkit/onnxruntime';
import { env, InferenceSession, Tensor } from 'onnxruntime-web';
import { generate } from './onnxruntime.js';
env.wasm.numThreads = 1;
export async function work(models) {
  if (globalThis.document) env.wasm.wasmPaths = new URL('./', document.baseURI).href;
  const path = models + 'small/onnx/model.onnx';
  const model = globalThis.document
    ? new Uint8Array(await (await fetch(path)).arrayBuffer())
    : (await import('node:fs')).readFileSync(path);
  const how = ${JSON.stringify(session)};
  const settings = { vocabSize: ${SMALL.vocab}, most: 24, sampling: ${JSON.stringify(SAMPLING)}, session: how };
  const tokens = await generate(model, [5, 6, 7], settings);
  const session = await InferenceSession.create(model, how);
  const { logits } = await session.run({ input_ids: new Tensor('int64', [7n], [1, 1]) });
  let first;
  try {
    [first] = sampleTensor(logits, new Sampler(${SMALL.vocab}, ${JSON.stringify(SAMPLING)}));
  } catch (error) {
    first = error.message;
  }
  return JSON.stringify({ tokens, location: logits.location, first });
}\n`;

const SITES = {
  'transformers.js': TALK,
  'onnxruntime-web on wasm': HAND({ executionProviders: ['wasm'] }),
  'onnxruntime-web on WebGPU': HAND({
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  }),
};
const places = /** @type {(keyof typeof SITES)[]} */ (Object.keys(SITES));
const folder = (/** @type {string} */ name) => name.replace(/\W+/g, '-');

const LEAVE = (/** @type {string} */ name) => `import { work } from './${name}.js';
work(new URL('./models/', document.baseURI).pathname).catch(String).then((result) => {
  document.documentElement.dataset.result = result;
});\n`;

/** @type {ReturnType<typeof makeProject>} */
let project;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** What Node gives. @type {Record<string, string>} */
const answers = {};

before(async () => {
  project = makeProject();
  cpSync(join(here, '../../../web/examples'), project.folder, { recursive: true });
  for (const host of ['@huggingface', 'onnxruntime-web'])
    symlinkSync(join(modules, host), join(project.folder, 'node_modules', host));
  writeModel(join(project.folder, 'models'), 'small', SMALL);
  const sites = join(project.folder, 'sites');
  for (const place of places) {
    const name = folder(place);
    const site = join(sites, name);
    write(project.folder, {
      [`${name}.js`]: SITES[place],
      [`${name}-page.js`]: LEAVE(name),
      [`${name}-node.js`]: `import { work } from './${name}.js';\nconsole.log(await work('./models/'));\n`,
    });
    const entryPoints = { main: join(project.folder, `${name}-page.js`) };
    await build({
      entryPoints,
      outdir: site,
      bundle: true,
      format: 'esm',
      external: ['node:fs'],
      logLevel: 'error',
    });
    write(site, { 'index.html': page(MODULE, OWN) });
    cpSync(join(project.folder, 'models'), join(site, 'models'), { recursive: true });
    for (const kind of ['', '.jsep', '.asyncify']) {
      for (const end of ['mjs', 'wasm']) {
        const file = `ort-wasm-simd-threaded${kind}.${end}`;
        copyFileSync(join(modules, 'onnxruntime-web/dist', file), join(site, file));
      }
    }
    if (place !== 'onnxruntime-web on WebGPU')
      answers[place] = await printed(process.execPath, [`${name}-node.js`], project.folder);
  }
  server = await serve(sites);
});
after(async () => {
  await server?.close();
  project.remove();
});

for (const { name, start } of ENGINES) {
  describe(name, () => {
    for (const place of ['transformers.js', 'onnxruntime-web on wasm']) {
      test(place, async () => {
        const engine = await start();
        try {
          assert.equal(await engine.read(`${server.url}${folder(place)}/`), answers[place]);
          assert.ok(answers[place].length > 20, answers[place]);
        } finally {
          await engine.close();
        }
      });
    }
  });
}

test('onnxruntime-web on WebGPU (SwiftShader), its logits left on the GPU: the tokens of wasm', async (t) => {
  const engine = await startWebGpu();
  try {
    t.diagnostic(`Chromium ${engine.version}`);
    const given = await engine.read(`${server.url}${folder('onnxruntime-web on WebGPU')}/`);
    const { tokens, location, first } = JSON.parse(given);
    assert.equal(location, 'gpu-buffer');
    assert.match(first, /expected a tensor on the CPU \(sampleTensorAsync .*, got "gpu-buffer"/);
    const { tokens: onWasm, location: there, first: token } = JSON.parse(answers['onnxruntime-web on wasm']);
    assert.deepEqual([tokens, there, Number.isInteger(token)], [onWasm, 'cpu', true]);
  } finally {
    await engine.close();
  }
});
