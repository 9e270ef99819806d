import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { flat, normal, peaked, tied, zipf } from './helpers/rows.js';
import { AROUND, ROWS } from './helpers/stages.js';

test('by hand', () => {
  // H = 1.142: distances of -ln p from it are 0.449, 0.062, 0.755, 1.854.
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  const kept = (typicalP, rest) => lawOf(row, { typicalP, ...rest }).ids;
  assert.deepEqual(kept(0), [1]);
  assert.deepEqual(kept(0.29), [1]);
  assert.deepEqual(kept(0.31), [0, 1]);
  assert.deepEqual(kept(0.81), [0, 1, 2]);
  assert.deepEqual(kept(0.96), [0, 1, 2, 3]);
  assert.deepEqual(kept(1), [0, 1, 2, 3]);
  assert.deepEqual(kept(0.1, { minKeep: 3 }), [0, 1, 2], 'the nearest are protected, not the likeliest');
});

test('it may drop the likeliest, and tell stages behind so', () => {
  const row = Float32Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
  assert.deepEqual(lawOf(row, { typicalP: 0.1, topK: 4 }).ids, [1]);
  const order = ['typical', 'minP', 'draw'];
  const wide = Float32Array.from({ length: 300 }, (_, i) => (i === 150 ? 4 : (i % 50) / 100));
  agrees(wide, { typicalP: 0.5, minP: 0.9, order });
});

test('against the oracle', (t) => {
  const tally = new Tally();
  for (const row of Object.values(ROWS)) {
    for (const typicalP of [0, 0.05, 0.2, 0.6, 0.95, 1]) {
      for (const around of AROUND) agrees(row, { ...around, typicalP }, undefined, tally);
    }
  }
  tally.print(t);
});

test('rows of many blocks: ties of hundreds, offsets, masks, nothing but the mean', (t) => {
  const tally = new Tally();
  const n = 20000;
  const rows = [
    flat(n, 1),
    zipf(n, 2),
    peaked(n, 3),
    tied(n, 4),
    normal(n, 5, 3).map((x) => Math.round(16 * x) / 16),
    normal(n, 6).map((x) => x - 700),
    normal(n, 7, 2).map((x, i) => (i % 7 < 3 ? -Infinity : x)),
    normal(n, 8).map((x, i) => (i % 2 ? x : -1e30)),
  ];
  const around = [{}, { minKeep: 25 }, { temperature: 0.6 }, { topP: 0.8 }, { order: ['typical', 'draw'] }];
  for (const row of rows)
    for (const [i, typicalP] of [0, 0.1, 0.5, 0.99, 0.99999].entries())
      agrees(row, { ...around[i], typicalP }, undefined, tally);
  agrees(rows[3], { typicalP: 0.3, temperature: Infinity }, undefined, tally);
  tally.print(t);
});
