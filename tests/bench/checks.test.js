/** The benchmark must not time a wrong answer: right ones pass its checks, near misses do not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './checks.js';
import * as tuned from './peers/tuned.js';
import { OPERATIONS } from './plan.js';
import { generator } from './random.js';
import { descending } from './reference.js';
import { makeData } from './rows.js';

const data = makeData(4096, 'zipf');
const PATIENCE = { ms: 60000, most: 4000 };

const find = (name) => OPERATIONS.find(({ operation }) => operation === name);

function verdict(name, run) {
  const operation = find(name);
  const expected = operation.kind === 'draw' ? operation.laws(data) : operation.answers(data);
  return check(operation, { peer: 'logitkit', dtype: 'f32', run }, expected, PATIENCE);
}

/** Draws by a plain walk over e^(x / temperature) of the first `count` tokens in order. */
function walk(count, temperature) {
  const random = generator(5);
  const laws = data.rows.map((row) => {
    const ids = Array.from(row.keys()).sort((a, b) => row[b] - row[a] || a - b);
    const kept = ids.slice(0, count);
    return { kept, weights: kept.map((id) => Math.exp(row[id] / temperature)) };
  });
  return (i) => {
    const { kept, weights } = laws[i];
    let left = random() * weights.reduce((a, b) => a + b);
    let at = 0;
    while (at < kept.length - 1 && left >= weights[at]) left -= weights[at++];
    return kept[at];
  };
}

test('right answers pass', async () => {
  await verdict('softmax', (i) => tuned.softmax(data.rows[i], 1, new Float32Array(data.n)));
  await verdict('argmax', (i) => tuned.argmax(data.rows[i]));
  await verdict('logsumexp', (i) => tuned.logSumExp(data.rows[i]));
  const { draws } = await verdict('topk', walk(40, 1));
  assert.equal(draws, PATIENCE.most);
  await verdict('draw', walk(data.n, 1));
});

test('a distribution that is a little off is rejected', async () => {
  const warm = (i) => tuned.softmax(data.rows[i], 1.000001, new Float32Array(data.n));
  await assert.rejects(verdict('softmax', warm), /off by/);
  const heavy = (i) => tuned.softmax(data.rows[i], 1, new Float32Array(data.n)).map((p) => p * (1 + 4e-7));
  await assert.rejects(verdict('softmax', heavy), /sums to|off by/);
  await assert.rejects(
    verdict('logsumexp', (i) => tuned.logSumExp(data.rows[i]) + 2e-6),
    /instead of/,
  );
});

test('a draw from another law is rejected', async () => {
  await assert.rejects(verdict('topk', walk(41, 1)), /not among the 40 kept/);
  await assert.rejects(verdict('topk', walk(40, 1.3)), /standard errors off/);
  await assert.rejects(verdict('draw', walk(data.n, 1.1)), /standard errors off/);
  await assert.rejects(
    verdict('draw', () => undefined),
    /gives undefined/,
  );
});

test('the second token is not the first', async () => {
  const second = (i) => data.rows[i].indexOf(descending(data.rows[i])[1]);
  await assert.rejects(verdict('argmax', second), /instead of/);
});
