/** Turns the engines' figures into RESULTS.md. */
import { OPERATIONS, SIZES } from './plan.js';
import { SETS } from './rows.js';
import { tables } from './tables.js';
import { GRADED, SMALL_VOCABULARY, VOCABULARY } from './targets.js';

const count = (n) => n.toLocaleString('en-US');

/** What a reader must know before a figure. */
const HEAD = `# Speed, measured

Made by \`make bench\`; the targets stand in \`targets.js\`. Every figure is a median of ratios taken within rounds in
which all implementations of a cell run in random order beside the floors:

- **maximum**: one read of the row by a SIMD maximum in WebAssembly, the best of three forms. Rows in logitkit's
  memory are held against it.
- **copy-in + maximum**: the same after copying the row from the JS heap. Rows on the JS heap, and all peers, are
  held against it.

Four rows are cycled. Each answer was checked against float64 before it was timed; one that was wrong is listed and
not timed. "in place" rows are restored outside the clock. [p10, p90] in brackets.`;

function engines(all) {
  const rows = all.map(({ engine, version, date, load, clockStepMs, batchMs }) => [
    engine,
    version,
    date,
    load.toFixed(2),
    `${(clockStepMs * 1000).toFixed(clockStepMs < 0.001 ? 2 : 0)} us`,
    `${batchMs.toFixed(0)} ms`,
  ]);
  return tables.markdown(['engine', 'version', 'date', 'load before', 'clock step', 'batch'], rows);
}

/** One engine against the targets: both vocabularies the targets name. */
export function quickReport(result) {
  const sections = [];
  for (const n of [VOCABULARY, SMALL_VOCABULARY]) {
    const cells = result.cells.filter((cell) => cell.n === n);
    if (cells.length > 0) sections.push(`${count(n)} logits\n\n${tables.targets(cells, OPERATIONS, SETS)}`);
  }
  const graded = GRADED.includes(result.engine) ? '' : ' (not an engine the targets are promised on)';
  return `### ${result.engine}: ${result.version}${graded}\n\n${sections.join('\n\n')}\n`;
}

const section = (title, body) => (body === '' ? '' : `## ${title}\n\n${body}\n`);

function perEngine(all, make) {
  return all
    .map((result) => [result, make(result.cells, result)])
    .filter(([, body]) => body !== '')
    .map(([{ engine }, body]) => `### ${engine}\n\n${body}\n`)
    .join('\n');
}

/**
 * @param {any[]} all       one result per engine
 * @param {{pinned: Record<string, string>, emcc: string}} versions
 */
export function report(all, { pinned, emcc }) {
  const peers = Object.entries(pinned).filter(([name]) => name !== 'esbuild' && name !== 'playwright-core');
  const list = peers.map(([name, version]) => `${name} ${version}`).join(', ');
  const cpu = [...new Set(all.map((result) => result.cpu))].join('; ');
  const parts = [
    HEAD,
    `\nProcessor: ${cpu}. emcc ${emcc}. Peers: ${list}.\n`,
    engines(all),
    '',
    section('Against the targets', all.map(quickReport).join('\n')),
    section(
      'Floors',
      perEngine(all, (cells) => tables.floors(cells, SIZES)),
    ),
    section(
      'Peers, microseconds and multiples of copy-in + maximum',
      perEngine(all, (cells) =>
        [VOCABULARY, SMALL_VOCABULARY]
          .map((n) => tables.peers(cells, OPERATIONS, n))
          .filter(Boolean)
          .join('\n\n'),
      ),
    ),
    section(
      'Growth: nanoseconds per logit, peaked rows on the JS heap',
      perEngine(all, (cells) => tables.growth(cells, OPERATIONS, SIZES, 'heap')),
    ),
    section(
      "Growth, rows in logitkit's memory",
      perEngine(all, (cells) => tables.growth(cells, OPERATIONS, SIZES, 'resident')),
    ),
    section(
      'Largest errors against float64',
      perEngine(all, (cells) => tables.accuracy(cells, VOCABULARY)),
    ),
    section(
      'Bytes of JS heap per call',
      perEngine(all, (cells) => tables.heap(cells, OPERATIONS)),
    ),
    section(
      'Left out',
      perEngine(all, (cells, result) => tables.leftOut(cells, result.absent)),
    ),
  ];
  return `${parts
    .filter((part) => part !== '')
    .join('\n\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}
