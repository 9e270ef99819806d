// What samplers cost where there are many: forks share, and what is forgotten is freed. Each case has a process of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MB = 2 ** 20;
const PROGRAM = `
  import { Sampler } from './js/index.js';
  const probe = new Sampler(1);
  const taken = () => probe.logits.buffer.byteLength;
  const rows = (n) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * 7.3) * 6);
  const rest = async () => { for (let i = 0; i < 3; i++) { gc(); await new Promise((done) => setTimeout(done, 0)); } };
  const resident = async () => { await rest(); return process.memoryUsage().rss; };
`;

/** Runs a program that prints an object. @param {string} text @returns {Record<string, number>} */
function run(text) {
  const args = ['--expose-gc', '--input-type=module', '--eval', PROGRAM + text];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('1,000 forks at vocabulary 151,936, each having drawn, take less than 64 MB', (t) => {
  const found = run(`
    const n = 151936;
    const row = rows(n);
    const parent = new Sampler(n, { seed: 1, topK: 40, repetitionPenalty: 1.1, mirostat: 2, dryMultiplier: 0.8 });
    parent.accept(Array.from({ length: 500 }, (_, i) => (i * i * 31) % n), { prompt: true });
    for (let i = 0; i < 500; i++) parent.sample(row);
    const before = await resident();
    const start = taken();
    const forks = Array.from({ length: 1000 }, () => parent.fork());
    const forked = await resident();
    const tokens = new Set(forks.map((fork) => fork.sample(row)));
    const drawn = await resident();
    for (const fork of forks) fork.sample(row);
    const again = await resident();
    console.log(JSON.stringify({ forked: forked - before, drawn: drawn - before, again: again - before,
      memory: taken() - start, tokens: tokens.size, alive: forks.length }));`);
  t.diagnostic(JSON.stringify(found));
  assert.equal(found.alive, 1000);
  assert.ok(found.tokens > 5);
  assert.ok(found.forked < 16 * MB, `${found.forked / MB} MB when forked`);
  assert.ok(found.drawn < 64 * MB && found.again < 64 * MB, `${found.drawn / MB}, ${found.again / MB} MB`);
});

test('a long history is stored once for a whole family', (t) => {
  const found = run(`
    const row = rows(1000);
    const parent = new Sampler(1000, { seed: 1 });
    parent.accept(Array.from({ length: 1000000 }, (_, i) => i % 1000), { prompt: true });
    parent.sample(row);
    const before = await resident();
    const forks = Array.from({ length: 1000 }, () => parent.fork());
    for (const fork of forks) for (let i = 0; i < 10; i++) fork.sample(row);
    const after = await resident();
    console.log(JSON.stringify({ grown: after - before, end: forks[999].history.length }));`);
  t.diagnostic(JSON.stringify(found));
  assert.equal(found.end, 1000011);
  assert.ok(found.grown < 32 * MB, `${found.grown / MB} MB for 1,000 forks of a million tokens`);
});

test('100,000 samplers and forks that were forgotten keep memory bounded', (t) => {
  const found = run(`
    const row = rows(4000);
    const most = [0, 0];
    for (let i = 0; i < 100000; ) {
      for (const end = i + 1000; i < end; i += 4) {
        const sampler = new Sampler(4000, { seed: i, frequencyPenalty: 0.1, penaltyLastN: 8, logitBias: { 1: 1 } });
        sampler.accept([1, 2, 3]);
        const fork = sampler.fork();
        const grandchild = fork.fork();
        grandchild.sample(row);
        Sampler.load(fork.save()).sample(row);
        if (i % 3 === 0) fork.dispose();
      }
      await rest();
      most[i <= 10000 ? 0 : 1] = Math.max(most[i <= 10000 ? 0 : 1], taken());
    }
    console.log(JSON.stringify({ early: most[0], late: most[1] }));`);
  t.diagnostic(JSON.stringify(found));
  // All of them would be 100,000 rows of 16 KB or so.
  assert.ok(found.late <= 1.5 * found.early && found.late < 96 * MB, JSON.stringify(found));
});

test('a family that was given back leaves nothing taken', () => {
  const found = run(`
    const row = rows(50000);
    const family = () => {
      const parent = new Sampler(50000, { seed: 1, frequencyPenalty: 1, dryMultiplier: 1, allowedTokens: [1, 2, 3, 4] });
      parent.accept(Array.from({ length: 3000 }, (_, i) => i));
      const all = [parent];
      for (let i = 0; i < 40; i++) all.push(all[(i * 7) % all.length].fork());
      for (const one of all) one.sample(row);
      all[3].logits[0] = 1;
      all[4].logits[0] = 1;
      while (all.length > 0) all.splice((all.length * 5) % all.length || all.length >> 1, 1)[0].dispose();
    };
    family();
    const before = taken();
    for (let i = 0; i < 100; i++) family();
    console.log(JSON.stringify({ grown: taken() - before }));`);
  assert.equal(found.grown, 0);
});
