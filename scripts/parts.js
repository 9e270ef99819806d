// Runs parts of the test suite, one make target after the other: `node scripts/parts.js build lint unit ...`. Every
// part has a bound in seconds, after which it is stopped and has failed. All parts run, then the table is printed;
// what a part needs must have been installed before (`make setup`), so that the seconds are those of the tests.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Seconds that each part may take. */
const BOUNDS = {
  build: 120,
  lint: 60,
  unit: 90,
  native: 120,
  browsers: 180,
  integration: 240,
  fuzz: 60,
};

/**
 * @param {string} part
 * @returns {Promise<{ part: string, seconds: number, outcome: string }>}
 */
function run(part) {
  const bound = BOUNDS[/** @type {keyof typeof BOUNDS} */ (part)];
  if (bound === undefined) throw new RangeError(`no part '${part}': ${Object.keys(BOUNDS).join(', ')}`);
  // Flags of the outer make name descriptors that this process does not hand on.
  const { MAKEFLAGS, MFLAGS, MAKELEVEL, ...env } = process.env;
  console.log(`\n== ${part}`);
  return new Promise((resolve) => {
    const start = performance.now();
    const flags = ['--no-print-directory', `-j${availableParallelism()}`];
    const child = spawn('make', [...flags, part], { env, stdio: 'inherit', detached: true });
    let late = false;
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      if (child.pid) process.kill(-child.pid, signal);
    };
    const timer = setTimeout(() => {
      late = true;
      stop('SIGKILL');
    }, bound * 1000);
    const interrupt = () => {
      stop('SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      const outcome = late ? `stopped after ${bound} s` : code === 0 ? 'passed' : 'failed';
      resolve({ part, seconds: (performance.now() - start) / 1000, outcome });
    });
  });
}

const results = [];
for (const part of process.argv.slice(2)) results.push(await run(part));

console.log('\npart            seconds   bound');
for (const { part, seconds, outcome } of results) {
  const bound = String(BOUNDS[/** @type {keyof typeof BOUNDS} */ (part)]);
  console.log(`${part.padEnd(12)} ${seconds.toFixed(1).padStart(10)} ${bound.padStart(7)}   ${outcome}`);
}
const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`${'all'.padEnd(12)} ${total.toFixed(1).padStart(10)}`);
if (results.length === 0 || results.some(({ outcome }) => outcome !== 'passed')) process.exit(1);
