/** The examples of web/examples/ that need a host: transformers.js, onnxruntime-web, a worker. As pasted by a user. */
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { serve } from '../../scripts/serve.js';
import { ENGINES } from './matrix/engines.js';
import { MODULE, page, STRICT } from './matrix/pages.js';
import { expected, makeProject, printed, write } from './matrix/project.js';
import { EOS, writeModel } from './model.js';

const SMALL = { vocab: 512, width: 16, seed: 1 };
const SAMPLING = { temperature: 0.8, minP: 0.02, seed: 42 };
const here = fileURLToPath(new URL('.', import.meta.url));

/** @type {ReturnType<typeof makeProject>} */
let project;
/** @type {import('./model.js').Model} */
let model;

before(() => {
  project = makeProject();
  cpSync(join(here, '../../web/examples'), project.folder, { recursive: true });
  for (const host of ['@huggingface', 'onnxruntime-web'])
    symlinkSync(join(here, 'node_modules', host), join(project.folder, 'node_modules', host));
  model = writeModel(join(project.folder, 'models'), 'small', SMALL);
});
after(() => project.remove());

/** The tokens that a Sampler draws from the model's rows, multiplied out in float64. @param {number[]} prompt @param {number} n */
async function walk(prompt, n) {
  const { Sampler } = await import(
    pathToFileURL(join(project.folder, 'node_modules/logitkit/dist/index.js')).href
  );
  const sampler = new Sampler(SMALL.vocab, SAMPLING);
  sampler.accept(prompt, { prompt: true });
  const tokens = [];
  for (let last = /** @type {number} */ (prompt.at(-1)); tokens.length < n; tokens.push(last))
    last = sampler.sample(model.logitsAfter(last));
  return tokens;
}

test('chat.js: answers as they grow, the same again for the same seed', async () => {
  write(project.folder, {
    'talk.js': `import { env } from '@huggingface/transformers';
import { openChat } from './chat.js';
globalThis.fetch = () => { throw new Error('a request left the machine'); };
Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: './models/', useFSCache: false });
const talks = [];
for (let i = 0; i < 2; i++) {
  const ask = await openChat('small', ${JSON.stringify({ ...SAMPLING, frequencyPenalty: 1.5 })}, { dtype: 'fp32', device: 'cpu' });
  for (const said of ['Hello', 'And now?']) {
    const parts = [];
    const { answer, logprob } = await ask(said, (text) => parts.push(text), 16);
    talks.push({ answer, logprob, parts: parts.length, whole: parts.join('') === answer });
  }
}
console.log(JSON.stringify(talks));\n`,
  });
  const [first, second, ...again] = JSON.parse(await printed(process.execPath, ['talk.js'], project.folder));
  assert.deepEqual(again, [first, second]);
  for (const { answer, logprob, parts, whole } of [first, second]) {
    assert.ok(answer.length > 0 && whole && parts > 1);
    assert.ok(logprob < 0 && logprob > -12, `mean log-probability ${logprob}`);
  }
  assert.notEqual(first.answer, second.answer);
});

test("onnxruntime.js: the tokens that follow from the model's weights", async () => {
  const prompt = [5, 6, 7];
  const path = 'models/small/onnx/model.onnx';
  write(project.folder, {
    'hand.js': `import { readFileSync } from 'node:fs';
import { env } from 'onnxruntime-web';
import { generate } from './onnxruntime.js';
env.wasm.numThreads = 1;
const settings = { vocabSize: ${SMALL.vocab}, most: 24, sampling: ${JSON.stringify(SAMPLING)} };
console.log(JSON.stringify(await generate(readFileSync('${path}'), ${JSON.stringify(prompt)}, settings)));
const [token] = await generate(readFileSync('${path}'), [1], { ...settings, sampling: { forcedTokens: { 0: ${EOS} } }, eos: ${EOS} });
console.log(token);\n`,
  });
  const [tokens, end] = (await printed(process.execPath, ['hand.js'], project.folder)).split('\n');
  assert.deepEqual(JSON.parse(tokens), await walk(prompt, 24));
  assert.equal(Number(end), EOS);
});

test('worker.js and worker-page.js: the tokens come from the worker, and its errors too', async () => {
  const site = join(project.folder, 'site');
  write(project.folder, {
    'main.js': `import { RemoteSampler } from './worker-page.js';
import { OPTIONS, rows } from './draw.js';
const { dataset } = document.documentElement;
try {
  const worker = new Worker('./worker.js', { type: 'module' });
  const sampler = new RemoteSampler(worker, rows[0].length, OPTIONS);
  const tokens = [];
  for (const row of rows) {
    const { token, logits } = await sampler.sample(row);
    if (row.length !== 0 || logits.length === 0) throw new Error('the row was copied');
    tokens.push(token);
  }
  const refused = await sampler.sample(new Float32Array(3)).catch((error) => error.name);
  dataset.result = [tokens.join(' '), refused].join(' | ');
} catch (error) {
  dataset.result = String(error);
}\n`,
  });
  const bundle = {
    bundle: true,
    format: /** @type {const} */ ('esm'),
    outdir: site,
    absWorkingDir: project.folder,
  };
  await build({ ...bundle, entryPoints: ['main.js', 'worker.js'] });
  write(site, { 'index.html': page(MODULE, STRICT) });
  const server = await serve(site);
  const engine = await ENGINES[0].start();
  try {
    const tokens = (await expected(project.folder)).split(' | ')[0];
    assert.equal(await engine.read(server.url), `${tokens} | RangeError`);
  } finally {
    await engine.close();
    await server.close();
  }
});

test('none is longer than a few dozen lines', () => {
  for (const name of readdirSync(join(here, '../../web/examples'))) {
    const lines = readFileSync(join(project.folder, name), 'utf8').split('\n').length;
    assert.ok(lines <= 60, `${name}: ${lines}`);
  }
});
