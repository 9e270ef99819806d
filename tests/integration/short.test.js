/** The first cells of matrix/, which `make integration-all` runs in full: what most users have. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { serve } from '../../scripts/serve.js';
import { addPage, SHORT } from './matrix/bundlers.js';
import { ENGINES } from './matrix/engines.js';
import { CLASSIC, MAIN, MODULE, page, STRICT } from './matrix/pages.js';
import { expected, makeProject, printed, write } from './matrix/project.js';
import { writePlace } from './matrix/workers.js';

/** @type {ReturnType<typeof makeProject>} */
let project;
let answer = '';

before(async () => {
  project = makeProject();
  answer = await expected(project.folder);
});
after(() => project.remove());

test('Node: ES modules and require()', async () => {
  write(project.folder, { 'common.cjs': "console.log(require('./program.js').run());\n" });
  const flags = ['--disable-warning=ExperimentalWarning'];
  assert.equal(await printed(process.execPath, [...flags, 'common.cjs'], project.folder), answer);
  const [tokens, ways, instances] = answer.split(' | ');
  assert.ok(new Set(tokens.split(' ')).size > 12, 'the program draws different tokens');
  assert.deepEqual([ways, instances], ['same', 'one']);
});

test('Chromium: bundles, and a classic worker, under a strict policy', async () => {
  const sites = join(project.folder, 'sites');
  write(project.folder, { 'main.js': MAIN });
  write(sites, { 'esm.html': page(MODULE, STRICT), 'iife.html': page(CLASSIC, STRICT) });
  for (const bundler of SHORT) {
    await bundler.build(project.folder, join(sites, bundler.how));
    addPage(join(sites, `${bundler.how}.html`), join(sites, bundler.how));
  }
  await writePlace('a classic worker', project.folder, join(sites, 'worker'));
  const server = await serve(sites);
  const engine = await ENGINES[0].start();
  try {
    for (const how of ['esm', 'iife']) assert.equal(await engine.read(`${server.url}${how}/`), answer);
    assert.equal(await engine.read(`${server.url}worker/`), answer.split(' | ')[0]);
  } finally {
    await engine.close();
    await server.close();
  }
});

test('the types know no parameter of typed arrays, which TypeScript before 5.7 has not', () => {
  const types = join(project.folder, 'node_modules/logitkit/dist/types');
  const files = readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  );
  assert.ok(files.includes('index.d.ts') && files.includes('shared.d.ts'));
  for (const name of files)
    assert.doesNotMatch(
      readFileSync(join(types, name), 'utf8'),
      /\b(?:Uint|Int|Float)\d+(?:Clamped)?Array</,
      name,
    );
});
