/** A run on one engine: the plan's cells one after the other. Runs in Node, Bun, Deno and in a page. */
import { runCell } from './cell.js';
import { clockStep } from './measure.js';
import { cells, PLANS } from './plan.js';
import { generator } from './random.js';
import { makeData } from './rows.js';

/** A batch lasts at least this long, and this many steps of the engine's clock. */
const BATCH_MS = 1;
const PAGE_BATCH_MS = 2;
const CLOCK_STEPS = 100;

/** Rows that an operation destroys cannot be cycled: in pages it takes more of them, each timed once. */
const POOL_LOGITS = 600000;

const PLAIN = { naive: { kind: 'naive' }, tuned: { kind: 'tuned' } };

/**
 * @param {object} run
 * @param {keyof typeof PLANS} run.plan
 * @param {any} [run.logitkit]           the module; without it only peers and floors run
 * @param {Record<string, any>} run.peers hosts by name
 * @param {boolean} [run.page]
 * @param {Record<string, string[]>} [run.only]   restricts n, set, operation
 * @param {(run: (i: number) => unknown, us: number) => number} [run.heapBytes]
 * @param {(line: string) => void} run.say
 */
export async function runSuite({ plan: name, logitkit, peers, page = false, only, heapBytes, say }) {
  const plan = PLANS[name];
  const step = clockStep();
  const settings = {
    ...plan,
    batchMs: Math.max(page ? PAGE_BATCH_MS : BATCH_MS, CLOCK_STEPS * step),
    random: generator(1),
    heapBytes,
  };
  const ours = logitkit ? { logitkit: { kind: 'logitkit', ...logitkit } } : {};
  const everyone = { ...ours, ...PLAIN, ...peers };
  const results = [];
  let data;
  for (const { n, set, module, withPeers } of cells(plan, only)) {
    if (data?.n !== n || data?.set !== set) data = makeData(n, set, page ? POOL_LOGITS : 0);
    const start = performance.now();
    const cell = await runOrFail(module, data, withPeers ? everyone : ours, settings);
    results.push(cell);
    say(`${line(cell)}  [${((performance.now() - start) / 1000).toFixed(1)} s]`);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { plan: name, clockStepMs: step, batchMs: settings.batchMs, cells: results };
}

/** An error in the middle of a cell is logitkit's until shown otherwise; the other cells still run. */
async function runOrFail(module, data, hosts, settings) {
  try {
    return await runCell(module, data, hosts, settings);
  } catch (error) {
    const { operation, title } = module;
    const failures = [{ name: 'the cell', peer: 'logitkit', reason: String(error?.stack ?? error) }];
    return { operation, title, set: data.set, n: data.n, floors: {}, implementations: [], failures };
  }
}

function line({ n, set, operation, implementations, failures }) {
  const figures = implementations.map(
    ({ name, us, ratio }) => `${name} ${us.median.toFixed(1)} us x${ratio.median.toFixed(2)}`,
  );
  const faults = failures.map(({ name, reason }) => `${name}: ${reason}`);
  return `${n} ${set} ${operation}: ${[...figures, ...faults].join(', ')}`;
}
