// Tokens that must not change: they are frozen since 0.1.0, and another token here is a minor version and a line under
// "Numbers" in CHANGELOG.md. `node tests/tokens.test.js --write` records them anew.
import test from 'node:test';
import { Sampler } from '../js/index.js';
import { frozen, rowOf } from './helpers/frozen.js';

const SIZES = [5, 300, 5000, 32000, 151936];
const OPTIONS = [
  { temperature: 0 },
  {},
  { temperature: 0.7 },
  { temperature: 2.5, topK: 1 },
  { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05 },
  { topK: 300, topP: 0.9 },
  { topK: 3000 },
  { topP: 0.95 },
  { topP: 0.5, temperature: 1.7, minP: 0.01 },
  { minP: 0.1, minKeep: 3 },
  { temperature: -0.5, topK: 20 },
  { temperature: Number.POSITIVE_INFINITY, topP: 0.3 },
  { repetitionPenalty: 1.3, frequencyPenalty: 0.2, presencePenalty: 0.1, penaltyLastN: 8, topK: 50 },
  { order: 'llama.cpp', temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, repetitionPenalty: 1.1 },
];
const STEPS = 12;

function* cases() {
  for (const n of SIZES) {
    for (let kind = 0; kind < 3; kind++) {
      const row = rowOf(n, kind);
      for (const [i, options] of OPTIONS.entries()) {
        const sampler = new Sampler(n, { ...options, seed: 2n ** 40n + BigInt(i) });
        const tokens = Array.from({ length: STEPS }, () => sampler.sample(row));
        sampler.dispose();
        yield [`${n} ${kind} ${i}`, tokens];
      }
    }
  }
}

test('tokens are what they were', () => {
  frozen('tokens.json', Object.fromEntries(cases()));
});
