// Prints what the package weighs: `node scripts/size.js`. The budgets are asserted in tests/build.test.js and
// tests/package.test.js.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
const [{ files, size, unpackedSize }] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' }));
const row = (
  /** @type {string} */ name,
  /** @type {number} */ bytes,
  /** @type {number | string} */ gzipped,
) => console.log(`${name.padEnd(24)} ${String(bytes).padStart(8)} ${String(gzipped).padStart(8)}`);

console.log(`${'file'.padEnd(24)} ${'bytes'.padStart(8)} ${'gzipped'.padStart(8)}`);
let types = 0;
for (const { path, size: bytes } of files) {
  if (path.startsWith('dist/types/')) types += bytes;
  else row(path, bytes, gzipSync(readFileSync(path), { level: 9 }).length);
}
row('dist/types/', types, '');
row('tarball', unpackedSize, size);
