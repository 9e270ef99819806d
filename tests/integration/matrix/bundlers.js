/** Each bundler with as little configuration as it allows: from a project with index.html and main.js to a site. */
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { here, printed } from './project.js';

const { resolve } = createRequire(import.meta.url);

/**
 * @typedef {object} Bundler
 * @property {string} name its npm package
 * @property {string} how beside the name
 * @property {(project: string, out: string) => Promise<unknown>} build
 * @property {boolean} [classic] the result is no module
 * @property {boolean} [page] it makes the page, too
 */

/** @param {'esm' | 'iife'} format @returns {Bundler} */
const esbuild = (format) => ({
  name: 'esbuild',
  how: format,
  classic: format === 'iife',
  async build(project, out) {
    const { build } = await import('esbuild');
    await build({
      entryPoints: [join(project, 'main.js')],
      outdir: out,
      bundle: true,
      minify: true,
      format,
      logLevel: 'error',
    });
  },
});

/** @type {Bundler[]} */
export const SHORT = [esbuild('esm'), esbuild('iife')];

/** @type {Bundler[]} */
export const BUNDLERS = [
  ...SHORT,
  {
    name: 'vite',
    how: 'build',
    page: true,
    async build(project, out) {
      const { build } = await import('vite');
      const output = { outDir: out, emptyOutDir: false, modulePreload: false };
      await build({ root: project, base: './', configFile: false, logLevel: 'error', build: output });
    },
  },
  {
    name: 'webpack',
    how: 'production',
    async build(project, out) {
      const { default: webpack } = await import('webpack');
      const compiler = webpack({
        context: project,
        mode: 'production',
        performance: false,
        entry: './main.js',
        output: { path: out, filename: 'main.js' },
      });
      await new Promise((done, fail) => {
        compiler.run((error, stats) => {
          const { errors = [], warnings = [] } =
            stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
          const said = [error, ...[...errors, ...warnings].map(({ message }) => message)].filter(Boolean);
          compiler.close(() => (said.length > 0 ? fail(new Error(said.join('\n'))) : done(stats)));
        });
      });
    },
  },
  {
    name: 'rollup',
    how: 'with node-resolve',
    async build(project, out) {
      const { rollup } = await import('rollup');
      const { default: nodeResolve } = await import('@rollup/plugin-node-resolve');
      const onwarn = ({ message = '' }) => {
        throw new Error(message);
      };
      const bundle = await rollup({ input: join(project, 'main.js'), plugins: [nodeResolve()], onwarn });
      await bundle.write({ file: join(out, 'main.js'), format: 'es' });
      await bundle.close();
    },
  },
  {
    name: 'parcel',
    how: 'build',
    page: true,
    async build(project, out) {
      const args = [
        'build',
        'index.html',
        '--dist-dir',
        out,
        '--public-url',
        './',
        '--no-cache',
        '--no-source-maps',
      ];
      await printed(process.execPath, [resolve('parcel/lib/bin.js'), ...args], project, { CI: 'true' });
    },
  },
];

/** The page that a bundler which takes scripts only leaves to its user. @param {string} page @param {string} out */
export const addPage = (page, out) => copyFileSync(page, join(out, 'index.html'));

/** @param {string} name of an npm package @returns {string} */
export const versionOf = (name) => createRequire(join(here, 'x.js'))(`${name}/package.json`).version;
