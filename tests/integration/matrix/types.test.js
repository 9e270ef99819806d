/** The published types, under TypeScript from 5.4 on, with and without the DOM, and beside the types of the hosts. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { importPacked } from '../packed.js';

const { resolve } = createRequire(import.meta.url);
const COMPILERS = ['typescript-5.4', 'typescript-5.9', 'typescript-6.0', 'typescript'];
const LIBRARIES = [['es2022'], ['es2022', 'dom'], ['esnext', 'dom']];

const USER = `import { init, Sampler, softmax, type SamplerOptions } from 'logitkit';
import core from 'logitkit/logitkit.wasm';
import { sampleTensor, sampleTensorAsync } from 'logitkit/onnxruntime';
import { logitsProcessor } from 'logitkit/transformers';
import { logitProcessor } from 'logitkit/web-llm';
const options: SamplerOptions = { temperature: 0.8, topK: 40, seed: 42n, logitBias: new Map([[1, -Infinity]]) };
const p: Float32Array = softmax([1, 2, 3], { temperature: 0.5 });
softmax(new Uint16Array(4), { dtype: 'bfloat16' });
{ using sampler = new Sampler(4, options); const token: number = sampler.sample(p); token.toFixed(); }
const tensor = { type: 'float32', dims: [1, 4], data: new Float32Array(4) };
const tokens: Int32Array = sampleTensor(tensor, new Sampler(4), { positions: [0] });
const later: Promise<Int32Array> = sampleTensorAsync(tensor, [new Sampler(4)]);
const processor = logitsProcessor({ ...options, padTokenId: 0, mode: 'pick' });
const first: number = processor.chosen[0][0].logprob;
const row: Float32Array = logitProcessor({ ...options, vocabSize: 4 }).processLogits(new Float32Array(4));
// @ts-expect-error an unknown option
logitsProcessor({ top_k: 40 });
// @ts-expect-error an unknown option
new Sampler(4, { top_k: 40 });
// @ts-expect-error not a row
softmax('1, 2, 3');
const ready: Promise<void> = init(core);
export { first, later, ready, row, tokens };
`;

const HOSTS = `import { LogitsProcessorList, type GPT2LMHeadModel } from '@huggingface/transformers';
import type { LogitProcessor } from '@mlc-ai/web-llm';
import type { Tensor } from 'onnxruntime-common';
import { Sampler } from 'logitkit';
import { sampleTensor } from 'logitkit/onnxruntime';
import { logitsProcessor } from 'logitkit/transformers';
import { logitProcessor } from 'logitkit/web-llm';
const processor = logitsProcessor({ topK: 40 });
const asList: LogitsProcessorList = processor;
const list = new LogitsProcessorList();
list.push(processor);
export const generate = (model: GPT2LMHeadModel, inputs: object) =>
  model.generate({ ...inputs, ...processor.settings({ max_new_tokens: 5 }) });
const registry = new Map<string, LogitProcessor>([['model', logitProcessor({ topK: 40 })]]);
export const token = (logits: Tensor) => sampleTensor(logits, new Sampler(4))[0];
export { asList, registry };
`;

const HOST_TYPES = [
  '../node_modules/@huggingface',
  '../node_modules/@types',
  '../node_modules/onnxruntime-common',
  '../node_modules/onnxruntime-web',
  'node_modules/@mlc-ai',
];

const project = mkdtempSync(join(tmpdir(), 'logitkit-types-'));

before(async () => {
  await importPacked(project);
  // The hosts as they are installed here; the file beside them is compiled in a folder that sees both.
  for (const name of HOST_TYPES) {
    symlinkSync(new URL(name, import.meta.url).pathname, join(project, 'node_modules', basename(name)));
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'user.ts'), USER);
  writeFileSync(join(project, 'hosts.ts'), HOSTS);
});
after(() => rmSync(project, { recursive: true, force: true }));

let configurations = 0;

/** @param {string} compiler @param {string} file @param {object} options @returns {Promise<string>} its complaints */
function compile(compiler, file, options) {
  const bin = join(dirname(resolve(`${compiler}/package.json`)), 'bin', 'tsc');
  const always = { noEmit: true, strict: true, target: 'es2022', types: [] };
  const path = `tsconfig.${configurations++}.json`;
  const config = { compilerOptions: { ...always, ...options }, files: [file] };
  writeFileSync(join(project, path), JSON.stringify(config));
  return new Promise((done) => {
    execFile(process.execPath, [bin, '-p', path], { cwd: project }, (_, out) => done(out));
  });
}

const BUNDLER = { module: 'esnext', moduleResolution: 'bundler', lib: ['esnext', 'dom'] };

for (const compiler of COMPILERS) {
  test(`${compiler}: nothing to complain about, with skipLibCheck false`, async () => {
    const ways = [...LIBRARIES.map((lib) => ({ module: 'nodenext', lib })), BUNDLER];
    for (const way of ways) {
      assert.equal(
        await compile(compiler, 'user.ts', { ...way, skipLibCheck: false }),
        '',
        JSON.stringify(way),
      );
    }
  });

  test(`${compiler}: the adapters fit the types of their hosts`, async () => {
    assert.equal(await compile(compiler, 'hosts.ts', { ...BUNDLER, skipLibCheck: true }), '');
  });
}

test('typescript-5.4: the main entry is found by `types` where nobody reads exports', async () => {
  writeFileSync(
    join(project, 'old.ts'),
    "import { softmax } from 'logitkit'; export const p: Float32Array = softmax([1]);",
  );
  assert.equal(await compile('typescript-5.4', 'old.ts', { ...BUNDLER, moduleResolution: 'node10' }), '');
});

test('a mistake is found', async () => {
  writeFileSync(join(project, 'wrong.ts'), "import { softmax } from 'logitkit'; softmax('1');");
  assert.match(await compile('typescript', 'wrong.ts', BUNDLER), /TS2345/);
});
