/** Pages whose program runs elsewhere: in a module worker, a classic worker, a service worker, a <script>. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CLASSIC, page, STRICT } from './pages.js';
import { here, write } from './project.js';

const DRAW = readFileSync(join(here, 'draw.js'), 'utf8').replaceAll('export ', '');
const LEAVE = `const leave = (result) => { document.documentElement.dataset.result = String(result); };
addEventListener('error', (event) => leave(event.message));
addEventListener('unhandledrejection', (event) => leave(event.reason));\n`;

const worker = (/** @type {string} */ type) => `${LEAVE}
const worker = new Worker('./worker.js', { type: '${type}' });
worker.onmessage = ({ data }) => leave(data);
worker.onerror = (event) => leave(event.message ?? 'the worker was not loaded');\n`;

const SERVICE_PAGE = `${LEAVE}
navigator.serviceWorker.register('./worker.js');
navigator.serviceWorker.ready.then(({ active }) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => leave(data);
  active.postMessage('draw', [port2]);
});\n`;

const LOADED = `importScripts('./logitkit.iife.js');\n${DRAW}`;
const SERVICE = `${LOADED}
addEventListener('message', ({ ports }) => ports[0].postMessage(draw(logitkit).join(' ')));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));\n`;

/** Sites by what runs the program; those from the file for <script> give the tokens alone. */
export const PLACES = {
  '<script>': { tokens: true, files: { 'main.js': `${LEAVE}${DRAW}\nleave(draw(logitkit).join(' '));\n` } },
  'a module worker': { tokens: false, files: { 'main.js': worker('module') } },
  'a classic worker': {
    tokens: true,
    files: {
      'main.js': worker('classic'),
      'worker.js': `${LOADED}\npostMessage(draw(logitkit).join(' '));\n`,
    },
  },
  'a service worker': { tokens: true, files: { 'main.js': SERVICE_PAGE, 'worker.js': SERVICE } },
};

/** Writes one of these sites. @param {keyof typeof PLACES} place @param {string} project @param {string} out */
export async function writePlace(place, project, out) {
  const script = '<script defer src="./logitkit.iife.js"></script>';
  write(out, {
    'index.html': page(place === '<script>' ? script + CLASSIC : CLASSIC, STRICT),
    ...PLACES[place].files,
  });
  copyFileSync(join(project, 'node_modules/logitkit/dist/logitkit.iife.js'), join(out, 'logitkit.iife.js'));
  if (place !== 'a module worker') return;
  const program = "import { run } from './program.js';\npostMessage(run());";
  const outfile = join(out, 'worker.js');
  await build({ stdin: { contents: program, resolveDir: project }, bundle: true, format: 'esm', outfile });
}
