/**
 * Runs the benchmark on the engine that executes this file: Node, Bun or Deno.
 *
 *   main.js --plan quick|stages|full [--peers] [--peers-only] [--json file] [--only operation=chain,topk --only n=32000]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { heapMeter } from './heap.js';
import { loadPeers, PEERS } from './hosts.js';
import { runSuite } from './suite.js';

const { values } = parseArgs({
  options: {
    plan: { type: 'string', default: 'quick' },
    peers: { type: 'boolean', default: false },
    'peers-only': { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const say = (line) => console.error(line);
const only = Object.fromEntries(
  values.only.map((pair) => [pair.split('=')[0], pair.split('=')[1].split(',')]),
);
const withPeers = values.peers || values['peers-only'];
const { hosts, absent } = withPeers ? await loadPeers(PEERS, say) : { hosts: {}, absent: {} };
const result = await runSuite({
  plan: values.plan,
  logitkit: values['peers-only'] ? undefined : await import('../../dist/index.js'),
  peers: hosts,
  only,
  heapBytes: values.plan === 'full' ? heapMeter() : undefined,
  say,
});
const versions = Object.fromEntries(Object.entries(hosts).map(([name, { version }]) => [name, version]));
if (values.json) writeFileSync(values.json, JSON.stringify({ ...result, versions, absent }));

const faults = result.cells.flatMap(({ failures }) => failures.filter(({ peer }) => peer === 'logitkit'));
for (const { name, reason } of faults) say(`FAULT ${name}: ${reason}`);
process.exit(faults.length > 0 ? 1 : 0);
