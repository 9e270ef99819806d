// Tokens of the other draws that must not change, like those of tests/tokens.test.js: by Gumbel noise, many at once, and
// in place of drafts. `node tests/draws.test.js --write` records them anew.
import test from 'node:test';
import { Sampler } from '../js/index.js';
import { frozen, rowOf } from './helpers/frozen.js';

const SIZES = [5, 300, 5000, 32000];
const OPTIONS = [
  {},
  { temperature: 0.7, topK: 40, topP: 0.95, minP: 0.05 },
  { topP: 0.9, temperature: 1.5 },
  { topK: 3000, method: 'gumbel' },
  { topK: 40, method: 'gumbel' },
  { topP: 0.6, method: 'gumbel' },
  { temperature: Number.POSITIVE_INFINITY, method: 'gumbel' },
  { xtcProbability: 0.5, xtcThreshold: 0.1, repetitionPenalty: 1.2 },
  { mirostat: 2, mirostatTau: 3 },
];
const STEPS = 6;

/** Draft probabilities: half on the draft, the rest even. */
function guess(n, draft) {
  const probs = new Float64Array(n * draft.length).fill(0.5 / n);
  draft.forEach((token, i) => {
    probs[i * n + token] += 0.5;
  });
  return probs;
}

function* cases() {
  for (const n of SIZES) {
    const rows = Float32Array.from([0, 1, 2].flatMap((kind) => Array.from(rowOf(n, kind))));
    for (const [i, options] of OPTIONS.entries()) {
      const name = `${n} ${i}`;
      const sampler = new Sampler(n, { ...options, seed: 2n ** 50n + BigInt(i) });
      for (let kind = 0; kind < 3; kind++) {
        const row = rows.subarray(kind * n, (kind + 1) * n);
        yield [`${name} sample ${kind}`, Array.from({ length: STEPS }, () => sampler.sample(row))];
        yield [`${name} sampleN ${kind}`, Array.from(sampler.sampleN(row, 8))];
        const some = Math.min(3, sampler.distribution(row).ids.length);
        yield [`${name} without ${kind}`, Array.from(sampler.sampleN(row, some, { replace: false }))];
      }
      const draft = [0, 1].map((kind) => sampler.sampleN(rows.subarray(kind * n, (kind + 1) * n), 1)[0]);
      for (const probs of [null, guess(n, draft)])
        yield [
          `${name} verify ${probs ? 'drawn' : 'certain'}`,
          Array.from({ length: STEPS }, () => [...sampler.verify(draft, probs, rows).tokens]).flat(),
        ];
      sampler.dispose();
    }
  }
}

test('tokens are what they were', () => {
  frozen('draws.json', Object.fromEntries(cases()));
});
