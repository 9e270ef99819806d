/**
 * Builds the page: node web/build.js [folder], dist/site by default. The folder can be served from any path of any
 * static host. It needs the package built before, because the page imports what is published.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { CHAPTERS } from './chapters/list.js';

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const site = process.argv[2] ?? join(root, 'dist', 'site');

/** @param {string} page @param {string} place @param {string} text */
function put(page, place, text) {
  const comment = `<!-- ${place} -->`;
  if (page.split(comment).length !== 2) throw new Error(`index.html needs ${comment} once`);
  return page.replace(comment, () => text);
}

async function buildPage() {
  const sections = CHAPTERS.map(async ({ id, title }, index) => {
    const text = await readFile(join(web, 'chapters', `${id}.html`), 'utf8');
    return `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title"><span class="count">${index + 1}</span> ${title}</h2>
${text.trim()}
</section>`;
  });
  const contents = CHAPTERS.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`);
  const page = await readFile(join(web, 'index.html'), 'utf8');
  return put(
    put(page, 'contents', contents.join('\n')),
    'chapters',
    (await Promise.all(sections)).join('\n\n'),
  );
}

/** The licences of the packages in the bundle, which travel with it. @param {import('esbuild').Metafile} metafile */
async function collectLicences(metafile) {
  const names = Object.keys(metafile.inputs).flatMap(
    (path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1] ?? [],
  );
  const texts = [...new Set(names)].sort().map(async (name) => {
    const text = await readFile(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
    return `${name}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(72)}\n\n`);
}

/** The service worker knows the names of all files, and from their content whether they are new. */
async function buildServiceWorker() {
  const names = (await readdir(site)).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update(await readFile(join(site, name)));
  await build({
    ...SETTINGS,
    entryPoints: [join(web, 'sw.js')],
    define: {
      'self.FILES': JSON.stringify(['./', ...names]),
      'self.VERSION': JSON.stringify(hash.digest('hex').slice(0, 16)),
    },
  });
}

/** @type {import('esbuild').BuildOptions} */
const SETTINGS = {
  outdir: site,
  bundle: true,
  format: 'esm',
  target: ['chrome125', 'firefox128', 'safari17.5'],
  minify: true,
  charset: 'utf8',
  logLevel: 'warning',
};

await rm(site, { recursive: true, force: true });
await mkdir(site, { recursive: true });
const { metafile } = await build({
  entryPoints: ['main.js', 'worker.js', 'style.css'].map((name) => join(web, name)),
  ...SETTINGS,
  splitting: true, // what page and worker share is loaded once
  chunkNames: 'shared-[hash]',
  metafile: true,
});
await writeFile(join(site, 'index.html'), await buildPage());
await writeFile(join(site, 'licenses.txt'), await collectLicences(metafile));
await copyFile(join(web, 'icon.svg'), join(site, 'icon.svg'));
await buildServiceWorker();
