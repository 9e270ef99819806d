// Bundles what npm publishes: the library (dist/library.js), which is the same for every host with WebAssembly, the
// embedded core that it imports (dist/core.js), and the entries: one that only names what the library exports
// (dist/index.js), so that a user's bundler may drop whatever is not used, the core included, and one that hands it the core
// as the host compiled it (dist/index.workerd.js), the only file whose import has an effect. For hosts without WebAssembly
// (dist/js.js) and for <script> (dist/logitkit.iife.js) all is one file. The adapters import the entry that lies beside
// them, so that there is one instance. Minified: with names and lines kept the library is 20 KB more on the wire; what
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

/** So does another bundle. @param {RegExp} filter @param {string} path @returns {import('esbuild').Plugin} */
const beside = (filter, path) => ({
  name: 'beside',
  setup(plugin) {
    plugin.onResolve({ filter }, () => ({ path, external: true, sideEffects: false }));
  },
});

/** Classes that users meet: in a debugger, and in messages that say what was given. */
const CLASSES = ['Sampler', 'LogitsError', 'StateError', 'UnsupportedError'];

/**
 * @param {string | { contents: string, resolveDir: string }} entry a file, or a program
 * @param {string} outfile
 * @param {object} [settings]
 * @param {'esm' | 'iife'} [settings.format]
 * @param {string[]} [settings.conditions] of the host, beside those that always hold
 * @param {import('esbuild').Plugin[]} [settings.plugins]
 * @returns {Promise<string[]>} the names that it exports
 */
async function bundle(entry, outfile, { format = 'esm', conditions = [], plugins = [] } = {}) {
  const { outputFiles, metafile } = await build({
    ...(typeof entry === 'string' ? { entryPoints: [entry] } : { stdin: entry }),
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
    metafile: true,
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
  return Object.values(metafile.outputs)[0].exports;
}

/** @param {string} contents */
const program = (contents) => ({ contents, resolveDir: '.' });

await bundle('dist/wasm.js', 'dist/core.js');
const library = program("export * from './js/index.js'; export { give } from '#wasm';");
const names = await bundle(library, 'dist/library.js', {
  conditions: ['given'],
  plugins: [beside(/\/dist\/wasm\.js$/, './core.js')],
});
const users = names.filter((name) => name !== 'give');
const plugins = [beside(/^\.\/library\.js$/, './library.js')];
const entry = program(`export { ${users} } from './library.js';`);
await bundle(entry, 'dist/index.js', { plugins });
const workerd = program(`import { source } from '#wasm';
  import { ${names} } from './library.js';
  give(source);
  export { ${users} };`);
await bundle(workerd, 'dist/index.workerd.js', { conditions: ['workerd'], plugins });
await bundle('js/index.js', 'dist/js.js', { conditions: ['plain'] });
await bundle('js/index.js', 'dist/logitkit.iife.js', { format: 'iife' });
for (const file of readdirSync('js/adapters')) {
  if (file === 'host.js') continue;
  for (const host of ['', '.workerd']) {
    const plugins = [beside(/^\.\.\/index\.js$/, `./index${host}.js`)];
    await bundle(`js/adapters/${file}`, `dist/${file.replace('.js', `${host}.js`)}`, { plugins });
  }
}
