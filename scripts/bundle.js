// Bundles js/index.js into what npm publishes: one self-contained module each for hosts that compile WebAssembly
// from bytes (dist/index.js, the core inside) and for those that import it compiled (dist/index.workerd.js). Names
// and lines are kept for people who debug; comments, which count in every download, stay in js/ and in the types.
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** The compiled core stays a file of its own, beside the bundle. @type {import('esbuild').Plugin} */
const coreBeside = {
  name: 'core-beside',
  setup(plugin) {
    plugin.onResolve({ filter: /\.wasm$/ }, () => ({ path: './logitkit.wasm', external: true }));
  },
};

/** @param {string} outfile @param {string[]} conditions of the host, beside those that always hold */
async function bundle(outfile, conditions) {
  const { outputFiles } = await build({
    entryPoints: ['js/index.js'],
    outfile,
    conditions,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    platform: 'neutral',
    logLevel: 'warning',
    plugins: [coreBeside],
    write: false,
  });
  // esbuild drops comments but for those of class members.
  writeFileSync(outfile, outputFiles[0].text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, ''));
}

await bundle('dist/index.js', []);
await bundle('dist/index.workerd.js', ['workerd']);
