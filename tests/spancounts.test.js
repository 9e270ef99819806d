import assert from 'node:assert/strict';
import { test } from 'node:test';
import { i32 } from '../js/arena.js';
import { core } from '../js/instance.js';
import { PROMPT, SpanCounts } from '../js/spancounts.js';
import { Tape } from '../js/tape.js';
import { below, random } from './helpers/random.js';

const VOCABULARY = 40;

/** What a table says: token, all, output, of those seen. @param {number} at */
function read(at) {
  if (at === 0) return [];
  const used = i32[(at >>> 2) + 1];
  return Array.from({ length: used }, (_, i) =>
    Array.from(i32.subarray((at >>> 2) + 4 + 4 * i).subarray(0, 3)),
  )
    .filter(([, all, output]) => all !== 0 || output !== 0)
    .sort((a, b) => a[0] - b[0]);
}

/** The same, counted one by one. @param {number[]} tokens */
function count(tokens) {
  const seen = new Map();
  for (const marked of tokens) {
    const entry = seen.get(marked % PROMPT) ?? [marked % PROMPT, 0, 0];
    entry[1]++;
    if (marked < PROMPT) entry[2]++;
    seen.set(entry[0], entry);
  }
  return [...seen.values()].sort((a, b) => a[0] - b[0]);
}

for (const span of [-1, 1, 3, 17]) {
  test(`counts of the last ${span} tokens are right whenever they are read, in a whole family`, () => {
    core();
    const next = random(span + 10);
    const family = [{ tape: new Tape(Int32Array), tally: new SpanCounts(VOCABULARY, span), all: [] }];
    let reads = 0;
    for (let step = 0; step < 20000; step++) {
      const one = family[below(next, family.length)];
      const action = below(next, 100);
      if (action < 50) {
        const more = below(next, 4) + (action < 2 ? 60 : 0);
        one.tape.makeRoom(more, 0);
        for (let i = 0; i < more; i++) {
          const token = below(next, VOCABULARY) + (next() < 0.3 ? PROMPT : 0);
          one.tape.push(token);
          one.all.push(token);
        }
      } else if (action < 70) {
        const end = Math.max(0, one.all.length - below(next, 30));
        one.tally.rewind(one.tape, end);
        one.tape.truncate(end);
        one.all.length = end;
      } else if (action < 71) {
        one.tape.clear();
        one.tally.clear();
        one.all.length = 0;
      } else if (action < 78) {
        const twin = { tape: one.tape.fork(0), tally: one.tally.fork(VOCABULARY), all: [...one.all] };
        if (family.length === 8) family.splice(below(next, 8), 1)[0].tally.dispose();
        family.push(twin);
      } else {
        const window = span < 0 ? one.all : one.all.slice(-span);
        assert.deepEqual(read(one.tally.sync(one.tape)), count(window), `step ${step}`);
        if (span < 0 && one.all.length > 0) {
          const first = below(next, one.all.length);
          const before = one.tally.before(one.tape, first);
          assert.deepEqual(before, count(one.all.slice(0, first)), `before ${first}`);
        }
        reads++;
      }
    }
    assert.ok(reads > 3000);
    for (const { tally } of family) tally.dispose();
  });
}
