/** The installed package on every runtime: the same program prints the same tokens. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build } from 'esbuild';
import { OPTIONS, rows } from './draw.js';
import { expected, here, makeProject, printed, write } from './project.js';

const modules = join(here, 'node_modules');
const NODES = {
  'Node (this one)': process.execPath,
  'Node 22': join(modules, 'node-22/bin/node'),
  'Node 24': join(modules, 'node-24/bin/node'),
  'Node (current)': join(modules, 'node-current/bin/node'),
};
const BUN = join(modules, '@oven/bun-linux-x64/bin/bun');
const DENO = join(modules, '@deno/linux-x64-glibc/deno');
const WORKERD = join(modules, '@cloudflare/workerd-linux-64/bin/workerd');

/** @type {ReturnType<typeof makeProject>} */
let project;
let answer = '';

before(async () => {
  project = makeProject();
  write(project.folder, {
    'common.cjs': "require('./program.js').run && console.log(require('./program.js').run());\n",
    'require.cjs': "console.log(Object.keys(require('logitkit/transformers')).join());\n",
    'worker.js': `import { run } from './program.js';
export default { fetch: () => new Response(run()) };\n`,
  });
  answer = await expected(project.folder);
});
after(() => project.remove());

test('the program draws different tokens, the same on each way', () => {
  const [tokens, ways, instances, bits] = answer.split(' | ');
  assert.ok(new Set(tokens.split(' ')).size > 12);
  assert.deepEqual([bits.length > 4, ways, instances], [true, 'same', 'one']);
});

for (const [name, node] of Object.entries(NODES)) {
  describe(name, () => {
    test('ES modules', async (t) => {
      t.diagnostic(await printed(node, ['--version'], project.folder));
      assert.equal(await printed(node, ['print.js'], project.folder), answer);
    });
    test('require() from CommonJS', async () => {
      const flags = ['--disable-warning=ExperimentalWarning'];
      assert.equal(await printed(node, [...flags, 'common.cjs'], project.folder), answer);
      assert.equal(await printed(node, [...flags, 'require.cjs'], project.folder), 'logitsProcessor');
    });
  });
}

test('Bun: ES modules and require()', async (t) => {
  t.diagnostic(await printed(BUN, ['--version'], project.folder));
  for (const file of ['print.js', 'common.cjs'])
    assert.equal(await printed(BUN, ['run', file], project.folder), answer);
});

test('Deno: ES modules without a permission, require()', async (t) => {
  t.diagnostic(await printed(DENO, ['--version'], project.folder));
  const cache = { DENO_DIR: join(project.folder, '.deno') };
  const flags = ['run', '--no-prompt', '--cached-only', '--node-modules-dir=manual'];
  assert.equal(await printed(DENO, [...flags, 'print.js'], project.folder, cache), answer);
  // Deno's require() itself looks for files.
  const read = [...flags, '--allow-read', 'common.cjs'];
  assert.equal(await printed(DENO, read, project.folder, cache), answer);
});

/**
 * Bundles a worker as wrangler does, with its condition and the compiled core beside, starts it, asks it once, ends it.
 * @param {string} entry @param {(url: string) => Promise<string>} ask
 */
async function inWorkerd(entry, ask) {
  const folder = join(project.folder, 'workerd', entry);
  const { metafile } = await build({
    entryPoints: { worker: join(project.folder, entry) },
    outdir: folder,
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    loader: { '.wasm': 'copy' },
    assetNames: '[name]',
    metafile: true,
  });
  assert.ok(Object.keys(metafile.outputs).some((path) => path.endsWith('/logitkit.wasm')));
  write(folder, {
    'config.capnp': `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2026-01-01",
    modules = [
      (name = "worker.js", esModule = embed "worker.js"),
      (name = "logitkit.wasm", wasm = embed "logitkit.wasm"),
    ],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);\n`,
  });
  const child = spawn(WORKERD, ['serve', '--control-fd=3', 'config.capnp'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  try {
    const [event] = await once(/** @type {any} */ (child.stdio[3]), 'data');
    const { port } = JSON.parse(String(event).split('\n')[0]);
    return await ask(`http://127.0.0.1:${port}/`);
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

test('workerd', async (t) => {
  t.diagnostic(await printed(WORKERD, ['--version'], project.folder));
  assert.equal(await inWorkerd('worker.js', async (url) => (await fetch(url)).text()), answer);
});

test('workerd: the example web/examples/cloudflare.js', async () => {
  copyFileSync(join(here, '../../../web/examples/cloudflare.js'), join(project.folder, 'cloudflare.js'));
  const options = encodeURIComponent(JSON.stringify(OPTIONS));
  const first = await inWorkerd('cloudflare.js', async (url) => {
    const response = await fetch(`${url}?options=${options}`, { method: 'POST', body: rows[0] });
    return String((await response.json()).token);
  });
  assert.equal(first, answer.split(' ')[0]);
});
