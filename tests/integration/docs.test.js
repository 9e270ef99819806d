/** The snippets of docs/integration.md, run as they are pasted; and its table of failures has all of them. */
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeProject, printed, write } from './matrix/project.js';
import { writeModel } from './model.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const text = readFileSync(join(here, '../../docs/integration.md'), 'utf8');
const snippets = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
const snippet = (/** @type {string} */ entry) => {
  const found = snippets.filter((code) => code.includes(`'logitkit/${entry}'`));
  assert.equal(found.length, 1, entry);
  return found[0];
};

/** @type {ReturnType<typeof makeProject>} */
let project;

before(() => {
  project = makeProject();
  const modules = join(project.folder, 'node_modules');
  for (const host of ['@huggingface', 'onnxruntime-web'])
    symlinkSync(join(here, 'node_modules', host), join(modules, host));
  const models = join(project.folder, 'models');
  writeModel(models, 'onnx-community/Qwen3-0.6B-ONNX', { vocab: 512, width: 16, seed: 1 });
  const onnx = join(models, 'onnx-community/Qwen3-0.6B-ONNX/onnx');
  // The file that the snippet's dtype names, and the one beside the snippet for onnxruntime-web: the same small model.
  copyFileSync(join(onnx, 'model.onnx'), join(onnx, 'model_q4.onnx'));
  copyFileSync(join(onnx, 'model.onnx'), join(project.folder, 'model.onnx'));
  write(project.folder, {
    'offline.js': `import { env } from '@huggingface/transformers';
globalThis.fetch = () => { throw new Error('a request left the machine'); };
Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: './models/', useFSCache: false });\n`,
  });
});
after(() => project.remove());

/** @param {string} entry @param {string[]} [flags] */
function run(entry, flags = []) {
  write(project.folder, { [`${entry}.js`]: snippet(entry) });
  return printed(process.execPath, [...flags, `${entry}.js`], project.folder);
}

test('transformers.js, with a small model under that name', async () => {
  const lines = await run('transformers', ['--import', './offline.js']);
  assert.match(lines, /^The capital of France is/);
  assert.equal(lines.match(/\[ \d+, -[\d.]+ \]/g)?.length, 32);
  assert.equal(await run('transformers', ['--import', './offline.js']), lines);
});

test('onnxruntime-web', async () => {
  const ids = JSON.parse((await run('onnxruntime')).replaceAll('\n', ' '));
  assert.deepEqual([ids.length, ...ids.slice(0, 3)], [11, 1, 2, 3]);
  assert.equal(new Set(ids).size > 6, true);
});

test('WebLLM, a stand-in under that name that calls as it does', async () => {
  cpSync(join(here, '../helpers/webllm.js'), join(project.folder, 'pipeline.js'));
  write(project.folder, {
    'node_modules/@mlc-ai/web-llm/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/@mlc-ai/web-llm/index.js': `import { FakePipeline } from '../../../pipeline.js';
const model = (step) => Float32Array.from({ length: 400 }, (_, id) => 3 * Math.sin(id * (step + 1)));
export async function CreateMLCEngine(name, { logitProcessorRegistry }) {
  const create = async ({ temperature, top_p }) => {
    const request = { temperature, top_p };
    const pipeline = new FakePipeline(logitProcessorRegistry.get(name), model, request, () => 0.5);
    const content = Array.from({ length: 8 }, () => pipeline.next()).join(' ');
    return { choices: [{ message: { content } }] };
  };
  return { chat: { completions: { create } } };
}\n`,
    'direct.js': `import { Sampler } from 'logitkit';
const sampler = new Sampler(400, { temperature: 0.7, minP: 0.05, seed: 42 });
const model = (step) => Float32Array.from({ length: 400 }, (_, id) => 3 * Math.sin(id * (step + 1)));
console.log(Array.from({ length: 8 }, (_, step) => sampler.sample(model(step))).join(' '));\n`,
  });
  const direct = await printed(process.execPath, ['direct.js'], project.folder);
  assert.equal(await run('web-llm'), direct);
});

test('every failure of other packages has its line, and every snippet is run', () => {
  for (let i = 1; i <= 21; i++) assert.match(text, new RegExp(`^\\| F${i} \\| .{10,} \\| .{10,} \\|$`, 'm'));
  assert.equal(snippets.length, 3);
});

test('the versions of the page are those that are installed', () => {
  const versions = ['package.json', 'matrix/package.json'].flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(join(here, file), 'utf8')).devDependencies),
  );
  const root = JSON.parse(readFileSync(join(here, '../../package.json'), 'utf8')).devDependencies;
  versions.push(['esbuild', root.esbuild], ['typescript', root.typescript]);
  for (const [name, version] of versions) {
    const [, plain] = /([\d.]+\d(?:-dev\.\d+)?)[^@]*$/.exec(version) ?? [];
    const said = name.includes('workerd') ? '2026-11-17' : plain;
    assert.ok(text.includes(said), `${name} ${version}`);
  }
});
