// Tokens that must not change: they are frozen since 0.1.0, and another token here is a minor version and a line under
// "Numbers" in CHANGELOG.md. `node tests/tokens.test.js --write` records them anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { Sampler } from '../js/index.js';

const FILE = new URL('golden/tokens.json', import.meta.url);
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

/** Integers and divisions by powers of two alone, so that every engine makes the same row. */
function rowOf(n, kind) {
  let state = 2463534242 + n + kind;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: n }, (_, i) => {
    const bell = (next() + next() + next() + next() - 2) * [6, 0.8, 3][kind];
    if (i % 97 === 13) return Number.NEGATIVE_INFINITY;
    return Math.fround(kind === 0 && next() < 12 / n ? bell + 14 : bell);
  });
}

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

const write = process.argv.includes('--write');
test(write ? 'tokens are recorded' : 'tokens are what they were', () => {
  const found = Object.fromEntries(cases());
  if (write) {
    const lines = Object.entries(found).map(([name, tokens]) => `"${name}": [${tokens.join(', ')}]`);
    writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
  }
  const frozen = JSON.parse(readFileSync(FILE, 'utf8'));
  assert.deepEqual(Object.keys(found), Object.keys(frozen));
  for (const [name, tokens] of Object.entries(found))
    assert.deepEqual(tokens, frozen[name], `n, kind, options: ${name}`);
});
