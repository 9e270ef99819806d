import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, lawOf, Tally } from './helpers/law.js';
import { normal } from './helpers/rows.js';
import { story } from './helpers/story.js';

test('a bias counts where the other tokens of its sequence stand', () => {
  const logs = (sequenceBias, ...history) => {
    const { ids, probs } = lawOf([0, 0, 0, 0], { sequenceBias }, { history });
    const map = new Map(ids.map((id, i) => [id, Math.log(probs[i])]));
    return [1, 2, 3].map((id) => Math.round((map.get(id) - map.get(0)) * 1e5) / 1e5 + 0);
  };
  assert.deepEqual(logs([[[1], 2]]), [2, 0, 0]);
  assert.deepEqual(logs([[[3, 1], 2]]), [0, 0, 0]);
  assert.deepEqual(logs([[[3, 1], 2]], 3), [2, 0, 0]);
  assert.deepEqual(
    logs(
      [
        [[0, 3, 2], -1.5],
        [[2], 1],
      ],
      0,
      3,
    ),
    [0, -0.5, 0],
  );
});

test('against the oracle, with single biases', (t) => {
  const tally = new Tally();
  for (let i = 0; i < 40; i++) {
    const { history, outputs } = story(50, 5, i);
    const sequenceBias = [
      [[1, 2], 1.5],
      [[2, 2, 3], -2],
      [history.slice(-2).concat(4), 3],
      [history.slice(-3).concat(0), -1],
    ];
    const rest = [{}, { topK: 20 }, { temperature: -1, topP: 0.8 }][i % 3];
    agrees(
      normal(300, i),
      { ...rest, sequenceBias, logitBias: { 4: -1, 9: 2 } },
      { history, outputs },
      tally,
    );
  }
  tally.print(t);
});
