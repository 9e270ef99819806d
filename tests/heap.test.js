// 0 bytes of JavaScript heap per token: sampling in a loop must give the garbage collector nothing to do.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Sampler } from '../js/index.js';

const CALLS = 20000;

/** Bytes that one call adds, the median of several runs: collections and compilations in between disturb single ones. */
function bytesPerCall(run) {
  const runs = Array.from({ length: 9 }, () => {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < CALLS; i++) run();
    return (process.memoryUsage().heapUsed - before) / CALLS;
  });
  return runs.sort((a, b) => a - b)[4];
}

const row = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i) * 5);
const SETTINGS = {
  chain: { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: 1 },
  'whole row': { seed: 2 },
  penalties: { repetitionPenalty: 1.1, frequencyPenalty: 0.1, penaltyLastN: 64, seed: 3 },
  greedy: { temperature: 0 },
};

for (const [name, options] of Object.entries(SETTINGS)) {
  test(`a token costs no JavaScript heap: ${name}`, (t) => {
    const sampler = new Sampler(row.length, options);
    const copied = bytesPerCall(() => sampler.sample(row));
    sampler.logits.set(row);
    const resident = bytesPerCall(() => sampler.sample());
    t.diagnostic(`${copied.toFixed(2)} bytes from a row, ${resident.toFixed(2)} from sampler.logits`);
    assert.ok(copied < 4 && resident < 4, `${copied} and ${resident} bytes per token`);
    sampler.dispose();
  });
}

test('the measure sees an object per call', () => {
  const pile = [];
  assert.ok(bytesPerCall(() => pile.push({ token: pile.length })) >= 16);
});
