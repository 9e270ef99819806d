import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sampler } from '../js/index.js';
import { close } from './helpers/close.js';
import { cutsTie, golden, neighbours, summary } from './helpers/golden.js';
import { chain } from './oracle/chain.js';

const { engine, rows, cases } = golden('llama.cpp.json');

test('the golden data has 132 cases', () => {
  assert.equal(cases.length, 132);
});

/** Runs every case through `law` and reports how many matched outright and how many as a neighbour. */
function agree(t, law) {
  let near = 0;
  for (const one of cases) {
    const label = `${one.row} ${JSON.stringify(one.options)}`;
    const row = rows[one.row];
    const options = { ...one.options, order: 'llama.cpp' };
    const context = { history: one.history ?? [] };
    const { ids, probs } = law(row, options, context.history);
    const found = summary(ids);
    const expected = { kept: one.kept, sumIds: one.sumIds };
    const prob = new Map(Array.from(ids, (id, i) => [id, probs[i]]));
    if (found.kept === expected.kept && found.sumIds === expected.sumIds) {
      close(
        one.top.map(([id]) => prob.get(id)),
        one.top.map(([, p]) => p),
        { rel: 2e-6, abs: 1e-9 },
        label,
      );
      continue;
    }
    const allowed = neighbours(row, options, context);
    const same = (a, b) => a.kept === b.kept && (a.sumIds === b.sumIds || cutsTie(row, ids));
    const mine = allowed.find((l) => same(summary(l.ids), found));
    assert.ok(mine, `${label}: kept ${JSON.stringify(found)}, ${engine} ${JSON.stringify(expected)}`);
    assert.ok(
      allowed.some((l) => same(summary(l.ids), expected)),
      `${label}: ${engine} kept ${JSON.stringify(expected)}, which no rounding explains`,
    );
    close(
      mine.ids.map((id) => prob.get(id)),
      mine.probs,
      { rel: 2e-6, abs: 1e-9 },
      label,
    );
    near++;
  }
  t.diagnostic(`${cases.length - near} cases as ${engine} has them, ${near} as a neighbour`);
}

test('the oracle agrees with llama.cpp', (t) => {
  agree(t, (row, options, history) => {
    const { survivors, probs } = chain(row, options, { history });
    return { ids: survivors.map(({ id }) => id), probs };
  });
});

test('Sampler agrees with llama.cpp', (t) => {
  agree(t, (row, options, history) => {
    const sampler = new Sampler(row.length, options);
    sampler.accept(history);
    const law = sampler.distribution(row);
    sampler.dispose();
    return { ids: Array.from(law.ids), probs: law.probs };
  });
});

test('Sampler with the history as prompt agrees as well', (t) => {
  agree(t, (row, options, history) => {
    const sampler = new Sampler(row.length, options);
    sampler.accept(history, { prompt: true });
    const law = sampler.distribution(row);
    sampler.dispose();
    return { ids: Array.from(law.ids), probs: law.probs };
  });
});
