// After the compiler has written dist/types: names typed arrays as TypeScript before 5.7 knows them, which has no
// parameter for their buffers. `node scripts/types.js dist/types`; tests/integration/types.test.js compiles with 5.4.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BUFFERS = /\b((?:Big)?(?:Uint|Int|Float)\d+(?:Clamped)?Array)<(?:any|ArrayBuffer(?:Like)?)>/g;
const folder = process.argv[2];

for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue;
  const text = readFileSync(join(folder, name), 'utf8');
  const plain = text.replace(BUFFERS, '$1');
  if (plain !== text) writeFileSync(join(folder, name), plain);
}
