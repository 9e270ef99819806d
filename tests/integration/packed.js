/** Packs the repository as npm would publish it and imports that copy by its name, through its exports map. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param {string} folder an empty folder for the tarball and its contents
 * @returns {Promise<{ logitkit: any, entry: (name: string) => Promise<any>, version: string, bytes: number, path: string }>}
 *   `entry` imports another one of its entries: 'transformers' and so on
 */
export async function importPacked(folder) {
  // No scripts: what is tested is the dist/ that was built, never one built behind the test's back.
  const pack = ['pack', '--ignore-scripts', '--silent', '--offline', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: repository, stdio: ['ignore', 'ignore', 'inherit'] });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const home = join(folder, 'node_modules', 'logitkit');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', home, '--strip-components=1']);
  const { resolve } = createRequire(join(folder, 'client.js'));
  const path = resolve('logitkit');
  return {
    entry: (name) => import(pathToFileURL(resolve(`logitkit/${name}`)).href),
    logitkit: await import(pathToFileURL(path).href),
    version: JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version,
    bytes: statSync(join(folder, tarball)).size,
    path,
  };
}
