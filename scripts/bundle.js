// Bundles what npm publishes, each entry one module: the library for hosts that compile WebAssembly from bytes
// (dist/index.js, the core inside), for those that import it compiled (dist/index.workerd.js), for those without any
// (dist/js.js) and for <script> (dist/logitkit.iife.js); and the adapters, which import the library that lies beside
// them, so that there is one instance. Minified: with names and lines kept the main entry is 20 KB more on the wire; what
// people debug are the sources. The marks that let a user's bundler drop tables stay (`@__PURE__`), which esbuild alone
// would strip.
import { readdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { minify } from 'terser';

/** The compiled core stays a file of its own, beside the bundle. @type {import('esbuild').Plugin} */
const coreBeside = {
  name: 'core-beside',
  setup(plugin) {
    plugin.onResolve({ filter: /\.wasm$/ }, () => ({ path: './logitkit.wasm', external: true }));
  },
};

/** So does the library, beside an adapter. @param {string} library @returns {import('esbuild').Plugin} */
const libraryBeside = (library) => ({
  name: 'library-beside',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({
      path: library,
      external: true,
      sideEffects: false,
    }));
  },
});

/** Classes that users meet: in a debugger, and in messages that say what was given. */
const CLASSES = ['Sampler', 'LogitsError', 'StateError', 'UnsupportedError'];

/**
 * @param {string} entry
 * @param {string} outfile
 * @param {object} [settings]
 * @param {'esm' | 'iife'} [settings.format]
 * @param {string[]} [settings.conditions] of the host, beside those that always hold
 * @param {import('esbuild').Plugin[]} [settings.plugins]
 */
async function bundle(entry, outfile, { format = 'esm', conditions = [], plugins = [] } = {}) {
  const { outputFiles } = await build({
    entryPoints: [entry],
    outfile,
    conditions,
    bundle: true,
    format,
    globalName: format === 'iife' ? 'logitkit' : undefined,
    target: 'es2022',
    charset: 'utf8',
    platform: 'neutral',
    logLevel: 'warning',
    plugins: [coreBeside, ...plugins],
    write: false,
  });
  const { code } = await minify(outputFiles[0].text, {
    module: format === 'esm',
    ecma: 2020,
    compress: { passes: 3 },
    mangle: { reserved: CLASSES },
    format: { preserve_annotations: format === 'esm' },
  });
  writeFileSync(outfile, /** @type {string} */ (code));
}

await bundle('js/index.js', 'dist/index.js');
await bundle('js/index.js', 'dist/index.workerd.js', { conditions: ['workerd'] });
await bundle('js/index.js', 'dist/js.js', { conditions: ['plain'] });
await bundle('js/index.js', 'dist/logitkit.iife.js', { format: 'iife' });
for (const file of readdirSync('js/adapters')) {
  if (file === 'host.js') continue;
  const entry = `js/adapters/${file}`;
  await bundle(entry, `dist/${file}`, { plugins: [libraryBeside('./index.js')] });
  await bundle(entry, `dist/${file.replace('.js', '.workerd.js')}`, {
    plugins: [libraryBeside('./index.workerd.js')],
  });
}
