// Runs parts of the test suite, one make target after the other: `node scripts/parts.js build lint unit ...`. A part
// that takes longer than its bound has failed, and one that takes far longer is stopped. All parts run, then the table is
// printed; what a part needs must have been installed before (`make setup`), so that the seconds are those of the tests.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { pace } from './pace.js';

/** Seconds that each part may take, times the slowest pace of the machine that was measured so far. */
const BOUNDS = {
  build: 120,
  lint: 60,
  unit: 90,
  native: 120,
  browsers: 180,
  integration: 240,
  fuzz: 60,
};

/** What hangs is stopped after so many times its bound. */
const PATIENCE = 4;

/** Measured before and after each part: it changes by the minute, and a part may fall between two good ones. */
let slowest = 1;
const measure = async () => {
  slowest = Math.max(slowest, await pace());
};

/**
 * @param {string} part
 * @returns {Promise<{ part: string, seconds: number, bound: number, outcome: string }>}
 */
async function run(part) {
  const usual = BOUNDS[/** @type {keyof typeof BOUNDS} */ (part)];
  if (usual === undefined) throw new RangeError(`no part '${part}': ${Object.keys(BOUNDS).join(', ')}`);
  await measure();
  const { seconds, code } = await make(part, PATIENCE * usual);
  await measure();
  const bound = usual * slowest;
  const outcome = code === null ? 'stopped' : code !== 0 ? 'failed' : seconds > bound ? 'too slow' : 'passed';
  return { part, seconds, bound, outcome };
}

/**
 * @param {string} part
 * @param {number} most seconds
 * @returns {Promise<{ seconds: number, code: number | null }>} without a code if it was stopped
 */
function make(part, most) {
  // Flags of the outer make name descriptors that this process does not hand on.
  const { MAKEFLAGS, MFLAGS, MAKELEVEL, ...env } = process.env;
  console.log(`\n== ${part}`);
  return new Promise((resolve) => {
    const start = performance.now();
    const flags = ['--no-print-directory', `-j${availableParallelism()}`];
    const child = spawn('make', [...flags, part], { env, stdio: 'inherit', detached: true });
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      if (child.pid) process.kill(-child.pid, signal);
    };
    const timer = setTimeout(() => stop('SIGKILL'), most * 1000);
    const interrupt = () => {
      stop('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve({ seconds: (performance.now() - start) / 1000, code });
    });
  });
}

const results = [];
for (const part of process.argv.slice(2)) results.push(await run(part));

console.log('\npart            seconds   bound     usual');
for (const { part, seconds, bound, outcome } of results) {
  const usual = String(BOUNDS[/** @type {keyof typeof BOUNDS} */ (part)]);
  const figures = [seconds.toFixed(1).padStart(10), bound.toFixed(0).padStart(7), usual.padStart(9)];
  console.log(`${part.padEnd(12)} ${figures.join(' ')}   ${outcome}`);
}
const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`${'all'.padEnd(12)} ${total.toFixed(1).padStart(10)}`);
if (results.length === 0 || results.some(({ outcome }) => outcome !== 'passed')) process.exit(1);
