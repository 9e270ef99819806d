/**
 * Builds what the benchmark needs into dist/bench: the floor kernels as a module of bytes, and the
 * page for browsers (with the WebAssembly files its peers fetch).
 *
 *   node tests/bench/build.js [--page]
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const out = join(root, 'dist', 'bench');

/** Rows lie behind __heap_base, in memory that grows on demand. */
const EMCC = ['-O3', '-msimd128', '--no-entry', '-sALLOW_MEMORY_GROWTH=1', '-Wl,--export=__heap_base'];

export function buildFloor() {
  mkdirSync(out, { recursive: true });
  const wasm = join(out, 'floor.wasm');
  execFileSync('emcc', [...EMCC, join(here, 'floor.c'), '-o', wasm], { stdio: 'inherit' });
  const module = new WebAssembly.Module(readFileSync(wasm));
  if (WebAssembly.Module.imports(module).length > 0) throw new Error('floor.wasm must import nothing');
  const base64 = readFileSync(wasm).toString('base64');
  writeFileSync(join(out, 'floor.js'), `export default '${base64}';\n`);
}

/** Files a peer fetches at run time, by the folder of dist/bench the page tells that peer to look in. */
function copyAssets() {
  const require = createRequire(import.meta.url);
  const ort = (from) => join(dirname(createRequire(from).resolve('onnxruntime-web')), '.');
  const transformers = dirname(require.resolve('@huggingface/transformers'));
  const assets = {
    ort: [ort(import.meta.url), ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']],
    transformers: [
      ort(join(transformers, 'any.js')),
      ['ort-wasm-simd-threaded.asyncify.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'],
    ],
    tfjs: [
      dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
      ['', '-simd', '-threaded-simd'].map((kind) => `tfjs-backend-wasm${kind}.wasm`),
    ],
  };
  for (const [folder, [from, names]] of Object.entries(assets)) {
    mkdirSync(join(out, folder), { recursive: true });
    for (const name of names) copyFileSync(join(from, name), join(out, folder, name));
  }
}

export async function buildPage() {
  const esbuild = await import('esbuild');
  rmSync(join(out, 'page'), { recursive: true, force: true });
  await esbuild.build({
    entryPoints: [join(here, 'page.js')],
    outdir: join(out, 'page'),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    minifySyntax: true,
    logLevel: 'error',
    external: ['node:*', 'fs', 'path', 'os', 'util', 'crypto', 'worker_threads', 'perf_hooks'],
  });
  copyFileSync(join(here, 'page.html'), join(out, 'page', 'index.html'));
  copyAssets();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildFloor();
  if (process.argv.includes('--page')) {
    if (!existsSync(join(here, 'node_modules')))
      throw new Error('run npm ci --ignore-scripts in tests/bench');
    await buildPage();
  }
}
