/** wllama 3 and 2 with a model written here: web/examples/wllama.js and wllama2.js draw every token. */
import assert from 'node:assert/strict';
import { copyFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { Sampler } from '../../../dist/index.js';
import { serve } from '../../../scripts/serve.js';
import { ENGINES } from './engines.js';
import { GGUF_VOCABULARY, ggufModel } from './gguf.js';
import { MODULE, page } from './pages.js';
import { here, makeProject, write } from './project.js';

const SAMPLING = { temperature: 0.9, minP: 0.02, frequencyPenalty: 0.4, seed: 42 };
const wllama = join(here, 'node_modules/@wllama/wllama');

/** Draws twice, keeping every answer of the host: what was drawn must follow from them. */
const PAGE = `import { Wllama } from '@wllama/wllama';
import { generate } from './wllama.js';
async function work() {
  const host = new Wllama({ default: new URL('./wllama.wasm', document.baseURI).href }, { suppressNativeLog: true });
  const model = await (await fetch('./model.gguf')).blob();
  await host.loadModel([model], { n_ctx: 128, n_threads: 1 });
  const seen = [];
  const watched = {
    async createCompletion(asked) {
      const answer = await host.createCompletion(asked);
      seen.push(answer.choices[0].logprobs.content[0].top_logprobs.map(({ id, logprob }) => [id, logprob]));
      return answer;
    },
  };
  const runs = [];
  for (const candidates of [${GGUF_VOCABULARY}, 40]) {
    const settings = { vocabSize: ${GGUF_VOCABULARY}, most: 12, candidates, sampling: ${JSON.stringify(SAMPLING)} };
    const { text, tokens } = await generate(watched, 'Hi', settings);
    runs.push({ text, tokens, seen: seen.splice(0) });
  }
  await host.exit();
  return JSON.stringify(runs);
}
work().catch(String).then((result) => {
  document.documentElement.dataset.result = result;
});\n`;

const PROMPT = [256, 72, 105];

/** The same for version 2, whose probabilities are of all tokens. */
const PAGE_2 = `import { Wllama } from 'wllama-2';
import { generate } from './wllama2.js';
async function work() {
  const host = new Wllama({ 'single-thread/wllama.wasm': new URL('./wllama2.wasm', document.baseURI).href });
  const model = await (await fetch('./model.gguf')).blob();
  await host.loadModel([model], { n_ctx: 128, n_threads: 1 });
  const seen = [];
  const watched = {
    samplingInit: (config) => host.samplingInit(config),
    samplingAccept: (tokens) => host.samplingAccept(tokens),
    decode: (tokens, options) => host.decode(tokens, options),
    async getLogits(k) {
      const all = await host.getLogits(k);
      seen.push(all.map(({ token, p }) => [token, Math.log(p)]));
      return all;
    },
  };
  const settings = { vocabSize: ${GGUF_VOCABULARY}, most: 12, sampling: ${JSON.stringify(SAMPLING)} };
  const tokens = await generate(watched, ${JSON.stringify(PROMPT)}, settings);
  await host.exit();
  return JSON.stringify([{ tokens, seen }]);
}
work().catch(String).then((result) => {
  document.documentElement.dataset.result = result;
});\n`;

/** @type {ReturnType<typeof makeProject>} */
let project;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;

before(async () => {
  project = makeProject();
  const site = join(project.folder, 'site');
  symlinkSync(join(here, 'node_modules/@wllama'), join(project.folder, 'node_modules/@wllama'));
  symlinkSync(join(here, 'node_modules/wllama-2'), join(project.folder, 'node_modules/wllama-2'));
  for (const name of ['wllama.js', 'wllama2.js'])
    copyFileSync(join(here, '../../../web/examples', name), join(project.folder, name));
  write(project.folder, { 'main.js': PAGE, 'second.js': PAGE_2 });
  await build({
    entryPoints: ['main.js', 'second.js'].map((name) => join(project.folder, name)),
    outdir: site,
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
  write(site, { 'index.html': page(MODULE), 'second.html': page(MODULE.replace('main', 'second')) });
  copyFileSync(join(here, 'node_modules/wllama-2/esm/single-thread/wllama.wasm'), join(site, 'wllama2.wasm'));
  copyFileSync(join(wllama, 'esm/wasm/wllama.wasm'), join(site, 'wllama.wasm'));
  writeFileSync(join(site, 'model.gguf'), ggufModel());
  server = await serve(site);
});
after(async () => {
  await server?.close();
  project.remove();
});

/** Asserts that what was drawn follows from the candidates. @param {string} given @param {number[]} [prompt] */
function follows(given, prompt = []) {
  assert.ok(given.startsWith('['), given);
  for (const { text, tokens, seen } of JSON.parse(given)) {
    const sampler = new Sampler(GGUF_VOCABULARY, SAMPLING);
    sampler.accept(prompt, { prompt: true });
    const expected = seen.map((/** @type {[number, number][]} */ candidates) => {
      const row = new Float32Array(GGUF_VOCABULARY).fill(-Infinity);
      let mass = 0;
      for (const [id, logprob] of candidates) {
        row[id] = logprob ?? -Infinity;
        mass += Math.exp(row[id]);
      }
      assert.ok(candidates.length === GGUF_VOCABULARY ? Math.abs(mass - 1) < 1e-3 : mass < 1, `${mass}`);
      return sampler.sample(row);
    });
    assert.deepEqual(tokens, expected);
    assert.ok(new Set(tokens).size > 4, 'tokens were drawn');
    assert.ok(text === undefined || text.length >= tokens.length, text);
  }
}

/** @param {(typeof ENGINES)[number]} engine @param {string} path @param {number[]} [prompt] */
async function check({ start }, path, prompt) {
  const engine = await start();
  try {
    follows(await engine.read(`${server.url}${path}`), prompt);
  } finally {
    await engine.close();
  }
}

// In WebKitGTK wllama 3 lacks what it needs, and 2 fails in its own loadModel().
for (const engine of ENGINES.filter(({ name }) => name !== 'WebKitGTK')) {
  test(`${engine.name}, wllama 3: from the candidates, all of them or forty`, () => check(engine, ''));
  test(`${engine.name}, wllama 2: from the probabilities of all`, () => check(engine, 'second.html', PROMPT));
}
