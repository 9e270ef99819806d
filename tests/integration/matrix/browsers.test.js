/** The installed package through every bundler and in every kind of page, in three browsers: the same tokens. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../../scripts/serve.js';
import { addPage, BUNDLERS, versionOf } from './bundlers.js';
import { ENGINES } from './engines.js';
import { CLASSIC, MAIN, MODULE, page, STRICT } from './pages.js';
import { expected, makeProject, write } from './project.js';
import { PLACES, writePlace } from './workers.js';

/** @type {ReturnType<typeof makeProject>} */
let project;
/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {{ url: string, close: () => Promise<void> }} */
let dev;
let answer = '';
/** What became of each bundler's build: a failed one fails its own tests. @type {Map<object, Promise<void>>} */
const builds = new Map();

const places = /** @type {(keyof typeof PLACES)[]} */ (Object.keys(PLACES));
const title = (/** @type {import('./bundlers.js').Bundler} */ { name, how }) => `${name}, ${how}`;
const folder = (/** @type {string} */ name) => name.replace(/\W+/g, '-');

/** As it lies in node_modules, without a bundler. */
const MAP = `<script type="importmap">{ "imports": {
  "logitkit": "./logitkit/dist/index.js",
  "logitkit/onnxruntime": "./logitkit/dist/onnxruntime.js",
  "logitkit/transformers": "./logitkit/dist/transformers.js",
  "logitkit/web-llm": "./logitkit/dist/web-llm.js"
} }</script>`;

async function startVite() {
  const { createServer } = await import('vite');
  const address = { host: '127.0.0.1', port: 0 };
  const vite = await createServer({
    root: project.folder,
    configFile: false,
    logLevel: 'error',
    server: address,
  });
  await vite.listen();
  return { url: vite.resolvedUrls?.local[0] ?? '', close: () => vite.close() };
}

before(async () => {
  project = makeProject();
  answer = await expected(project.folder);
  const sites = join(project.folder, 'sites');
  write(project.folder, { 'main.js': MAIN, 'index.html': page(MODULE) });
  write(sites, {
    'module.html': page(MODULE, STRICT),
    'classic.html': page(CLASSIC, STRICT),
    'map/index.html': page(MAP + MODULE),
    'forbidden/index.html': page(MODULE, "default-src 'none'; script-src 'self'"),
  });
  let last = Promise.resolve();
  for (const bundler of BUNDLERS) {
    const out = join(sites, folder(title(bundler)));
    last = last.then(async () => {
      await bundler.build(project.folder, out);
      if (!bundler.page) addPage(join(sites, bundler.classic ? 'classic.html' : 'module.html'), out);
    });
    builds.set(bundler, last);
    last = last.catch(() => {});
  }
  await last;
  for (const place of places) await writePlace(place, project.folder, join(sites, folder(place)));
  for (const name of ['main.js', 'program.js', 'draw.js'])
    cpSync(join(project.folder, name), join(sites, 'map', name));
  cpSync(join(project.folder, 'node_modules/logitkit'), join(sites, 'map/logitkit'), { recursive: true });
  cpSync(join(sites, 'esbuild-esm/main.js'), join(sites, 'forbidden/main.js'));
  server = await serve(sites);
  dev = await startVite();
});
after(async () => {
  await dev?.close();
  await server?.close();
  project.remove();
});

for (const { name, start } of ENGINES) {
  describe(name, () => {
    /** @type {Awaited<ReturnType<typeof start>>} */
    let engine;
    before(async () => {
      engine = await start();
    });
    after(() => engine.close());

    for (const bundler of BUNDLERS) {
      test(title(bundler), async (t) => {
        t.diagnostic(`${name} ${engine.version}, ${bundler.name} ${versionOf(bundler.name)}`);
        await builds.get(bundler);
        assert.equal(await engine.read(`${server.url}${folder(title(bundler))}/`), answer);
      });
    }
    test('vite, the development server', async () => assert.equal(await engine.read(dev.url), answer));
    test('no bundler, an import map', async () =>
      assert.equal(await engine.read(`${server.url}map/`), answer));

    for (const place of places) {
      test(`${place}, under a strict policy`, async () => {
        const given = await engine.read(`${server.url}${folder(place)}/`);
        assert.equal(given, PLACES[place].tokens ? answer.split(' | ')[0] : answer);
      });
    }
    test("a policy without 'wasm-unsafe-eval': the error says what to add", async () => {
      const given = await engine.read(`${server.url}forbidden/`);
      assert.match(
        given,
        /^UnsupportedError: .*Content-Security-Policy needs 'wasm-unsafe-eval' in script-src/,
      );
    });
  });
}
