/**
 * `logitkit/js` beside the loop that people write, without WebAssembly on both sides:
 *
 *     node tests/bench/plain.js            (any engine that runs modules)
 *
 * Cells are multiples of the loop's time in the same round: maximum, Math.exp, sum, and for a draw the running sum.
 */
import * as plain from '../../dist/js.js';
import { measure, ratios, spread } from './measure.js';
import { generator } from './random.js';
import { makeData, SETS } from './rows.js';

const N = 151936;
const SETTINGS = { rounds: 41, batchMs: 4, warmMs: 400 };

/** @param {Float32Array} row @param {Float32Array} out @returns the sum */
function weights(row, out) {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < row.length; i++) if (row[i] > max) max = row[i];
  let sum = 0;
  for (let i = 0; i < row.length; i++) {
    const e = Math.exp(row[i] - max);
    out[i] = e;
    sum += e;
  }
  return sum;
}

function loopSoftmax(row, out) {
  const factor = 1 / weights(row, out);
  for (let i = 0; i < row.length; i++) out[i] *= factor;
  return out;
}

function loopDraw(row, out) {
  let left = Math.random() * weights(row, out);
  for (let i = 0; i < row.length; i++) {
    left -= out[i];
    if (left < 0) return i;
  }
  return row.length - 1;
}

const DRAWS = {
  'whole row': {},
  'chain k40 p.95 minp.05': { topK: 40, topP: 0.95, minP: 0.05 },
  'topP .95': { topP: 0.95 },
  'minP .05': { minP: 0.05 },
  'typicalP .9': { typicalP: 0.9 },
  greedy: { temperature: 0 },
};

/** @param {import('./rows.js').Data} data */
function contenders({ rows, halves }) {
  const out = new Float32Array(N);
  const list = [
    { name: 'loop: softmax', run: (i) => loopSoftmax(rows[i], out) },
    { name: 'softmax', run: (i) => plain.softmax(rows[i], { out }) },
    { name: 'logSoftmax', run: (i) => plain.logSoftmax(rows[i], { out }) },
    { name: 'logSumExp', run: (i) => plain.logSumExp(rows[i]) },
    { name: 'argmax', run: (i) => plain.argmax(rows[i]) },
    { name: 'topK 40', run: (i) => plain.topK(rows[i], 40) },
    { name: 'loop: draw', run: (i) => loopDraw(rows[i], out) },
  ];
  for (const [name, options] of Object.entries(DRAWS)) {
    const sampler = new plain.Sampler(N, { seed: 1, ...options });
    list.push({ name: `draw, ${name}`, run: (i) => sampler.sample(rows[i]) });
  }
  const sampler = new plain.Sampler(N, { seed: 1 });
  list.push({ name: 'draw, float16', run: (i) => sampler.sample(halves[i], { dtype: 'float16' }) });
  const mask = new Uint32Array(Math.ceil(N / 32)).fill(0x5f5f5f5f);
  list.push({ name: 'draw, under a mask', run: (i) => sampler.sample(rows[i], { mask }) });
  return list;
}

for (const set of SETS) {
  const times = await measure(contenders(makeData(N, set)), { ...SETTINGS, random: generator(7) });
  console.log(`${set}, ${N} logits`);
  for (const [name, us] of times) {
    const loop = times.get(name.includes('draw') ? 'loop: draw' : 'loop: softmax');
    const ms = (spread(us).median / 1000).toFixed(3);
    console.log(`  ${name.padEnd(30)} ${ms.padStart(8)} ms  ${ratios(us, loop).median.toFixed(2)}`);
  }
}
