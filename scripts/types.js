// From the declarations that the compiler wrote for every module, those that npm publishes: one file an entry and one
// that they share, with what nobody outside can name left out. `node scripts/types.js build/types dist/types`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/** TypeScript before 5.7 knows no parameter for the buffers of typed arrays (tests/integration/matrix/types.test.js has 5.4). */
const BUFFERS = /\b((?:Big)?(?:Uint|Int|Float)\d+(?:Clamped)?Array)<(?:any|ArrayBuffer(?:Like)?)>/g;
/** JSDoc has no way to export a type of another module under its own name: this alias stands for it. */
const ALIAS = /^export type (\w+) = import\(["']([^"']+)["']\)\.\1;$/gm;
/** What types were made from stands there a second time. */
const TYPEDEFS = /^\/\*\*(?:\n \*)?(?: @template .*\n \*)? @typedef [\s\S]*?\*\/\n/gm;
/** An option in `OPTIONS`; what it does is a text in that table, and editors show only what stands before a name. */
const OPTION = /^( {4})(\w+: \{\n(?: {8}.*\n)*? {8}readonly does: (['"])(.*)\3;\n)/gm;
/** Which of TypeScript's own declarations a module needs. */
const REFERENCE = /^\/\/\/ <reference .*\n/gm;

const [from, to] = process.argv.slice(2);
/** @type {Map<string, string[]>} by module */
const references = new Map();
for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const text = readFileSync(join(from, name), 'utf8');
  const plain = text
    .replace(BUFFERS, '$1')
    .replace(TYPEDEFS, '')
    .replace(ALIAS, "import type { $1 } from '$2';\nexport type { $1 };");
  writeFileSync(join(from, name), plain);
  references.set(resolve(from, name), plain.match(REFERENCE) ?? []);
}

const adapters = readdirSync(join(from, 'adapters')).filter((name) => name !== 'host.d.ts');
const input = Object.fromEntries(
  ['index.d.ts', ...adapters.map((name) => `adapters/${name}`)].map((name) => [
    name.replace('.d.ts', ''),
    join(from, name),
  ]),
);
const bundle = await rollup({
  input,
  plugins: [dts()],
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
});
const { output } = await bundle.generate({ entryFileNames: '[name].d.ts', chunkFileNames: 'shared.d.ts' });
for (const chunk of output) {
  if (chunk.type !== 'chunk') continue;
  const needed = new Set(chunk.moduleIds.flatMap((id) => references.get(id) ?? []));
  mkdirSync(dirname(join(to, chunk.fileName)), { recursive: true });
  const code = chunk.code.replace(OPTION, '$1/** $4 */\n$1$2');
  writeFileSync(join(to, chunk.fileName), [...needed].join('') + code);
}
