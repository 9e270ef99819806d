import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPTIONS } from '../js/index.js';
import { agrees, Tally } from './helpers/law.js';
import { below, random } from './helpers/random.js';
import { flat, KINDS, normal, peaked, tied, zipf } from './helpers/rows.js';
import { story } from './helpers/story.js';
import { shapes, truncations } from './helpers/truncations.js';
import { ORDERS } from './oracle/chain.js';

test('the oracle has every stage that an option belongs to', () => {
  for (const { name, stage } of Object.values(OPTIONS))
    assert.ok(stage === null || ORDERS.logitkit.includes(stage), `${name} belongs to ${stage}`);
});

test('a large vocabulary: every stage alone', (t) => {
  const tally = new Tally();
  for (const row of [peaked(20000, 1), zipf(12000, 2), flat(9000, 3)]) {
    for (const options of [
      { topNSigma: 1.2 },
      { epsilonCutoff: 3e-5 },
      { etaCutoff: 3e-4 },
      { topA: 0.001 },
      { tailFree: 0.95 },
      { topH: 0.4 },
      { firstTokenCutoff: 0.99 },
      { pLess: true },
      { typicalP: 0.3 },
      { typicalP: 0.95, temperature: 1.5 },
      { skew: 0.3 },
      { xtcProbability: 0.5, xtcThreshold: 0.001 },
      { mirostat: 1, mirostatTau: 6 },
      { mirostat: 2, mirostatTau: 6 },
      { adaptiveTarget: 0.001 },
      { smoothingFactor: 0.2 },
      { dynatempRange: 0.5 },
      { transform: 'sparsemax', temperature: 40 },
      { transform: 'entmax15', temperature: 3 },
    ])
      agrees(row, options, undefined, tally);
  }
  tally.print(t);
});

test('any stages together, with histories', (t) => {
  const tally = new Tally();
  const next = random(11);
  const pick = (...values) => values[below(next, values.length)];
  for (let i = 0; i < 300; i++) {
    const n = pick(40, 300, 1500, 3000);
    const row = pick(...Object.values(KINDS), normal, tied)(n, i);
    const { history, outputs } = story(pick(0, 5, 40, 150), 12, i);
    const options = {
      temperature: pick(1, 0.7, 1.6, -1),
      topK: pick(0, 0, 25, 1200),
      topP: pick(1, 0.9, 0.6),
      minP: pick(0, 0.02),
      minKeep: pick(1, 1, 5),
      repetitionPenalty: pick(1, 1.2),
      presencePenalty: pick(0, 0.3),
      dryMultiplier: pick(0, 0.9),
      drySequenceBreakers: pick([], [[2], [1, 3]]),
      noRepeatNgramSize: pick(0, 3),
      badWords: pick([], [[7], [...history.slice(-2), 9]]),
      sequenceBias: pick([], [[[...history.slice(-1), 4], 2.5]]),
      logitBias: pick({}, { 3: 1, 5: -4 }),
      suppressTokens: pick([], [6, 8]),
      eosTokens: [10, 11],
      minTokens: pick(0, 20),
      lengthPenalty: pick(null, { start: 12, factor: 1.05 }),
      ...truncations(next),
    };
    Object.assign(options, shapes(next, options));
    agrees(row, options, { history, outputs }, tally);
  }
  tally.print(t);
});
