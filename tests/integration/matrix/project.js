/** A fresh project that has installed the tarball of `npm pack`, as its users do. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
export const here = fileURLToPath(new URL('.', import.meta.url));

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd) {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--ignore-scripts'], {
    cwd,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `npm ${args.join(' ')}\n${stdout}${stderr}`);
}

/**
 * @returns {{ folder: string, remove: () => void }} an ES module, `program.js` and the installed package
 */
export function makeProject() {
  const folder = mkdtempSync(join(tmpdir(), 'logitkit-matrix-'));
  npm(['pack', '--silent', '--offline', '--pack-destination', folder], repository);
  const [tarball] = readdirSync(folder);
  const manifest = {
    private: true,
    type: 'module',
    // Without it Parcel 2 knows no package's `exports`, and finds the entries beside the main one not.
    '@parcel/resolver-default': { packageExports: true },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, tarball)], folder);
  for (const name of ['draw.js', 'program.js']) copyFileSync(join(here, name), join(folder, name));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @param {string} folder @param {Record<string, string>} files */
export function write(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
  }
}

/**
 * What a command prints, which must succeed.
 * @param {string} command @param {string[]} args @param {string} cwd @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string>}
 */
export function printed(command, args, cwd, env = {}) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env: { ...process.env, ...env } }, (error, out, err) => {
      if (error) reject(new Error(`${command} ${args.join(' ')}\n${out}${err}`));
      else resolve(out.trim());
    });
  });
}

/** @returns {Promise<string>} what the program prints in the Node that runs this test */
export function expected(/** @type {string} */ folder) {
  write(folder, { 'print.js': "import { run } from './program.js';\nconsole.log(run());\n" });
  return printed(process.execPath, ['print.js'], folder);
}
