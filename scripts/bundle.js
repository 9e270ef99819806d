// Bundles what npm publishes, each entry one self-contained module: the library for hosts that compile WebAssembly from
// bytes (dist/index.js, the core inside) and for those that import it compiled (dist/index.workerd.js), and the engines'
// tables, which would be a sixth of the main entry (dist/engines.js). Minified: with names and lines kept the main entry
// is 20 KB more on the wire; what people debug are the sources.
import { build } from 'esbuild';

/** The compiled core stays a file of its own, beside the bundle. @type {import('esbuild').Plugin} */
const coreBeside = {
  name: 'core-beside',
  setup(plugin) {
    plugin.onResolve({ filter: /\.wasm$/ }, () => ({ path: './logitkit.wasm', external: true }));
  },
};

/** @param {string} entry @param {string} outfile @param {string[]} conditions of the host, beside those that always hold */
async function bundle(entry, outfile, conditions) {
  await build({
    entryPoints: [entry],
    outfile,
    conditions,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    platform: 'neutral',
    logLevel: 'warning',
    plugins: [coreBeside],
  });
}

await bundle('js/index.js', 'dist/index.js', []);
await bundle('js/index.js', 'dist/index.workerd.js', ['workerd']);
await bundle('js/engines.js', 'dist/engines.js', []);
