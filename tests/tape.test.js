import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tape } from '../js/tape.js';
import { below, random } from './helpers/random.js';

for (const [kind, width] of [
  [Int32Array, 1],
  [Float64Array, 4],
]) {
  test(`a family of tapes of ${kind.name} is a family of arrays`, () => {
    const next = random(width);
    const tapes = [new Tape(kind, width)];
    /** What each tape holds, and from where on it is needed. */
    const models = [{ all: [], kept: 0 }];
    let deep = 0;
    for (let step = 0; step < 30000; step++) {
      const who = below(next, tapes.length);
      const tape = tapes[who];
      const model = models[who];
      const action = below(next, 100);
      if (action < 60) {
        const more = 1 + below(next, action < 3 ? 300 : 3);
        tape.makeRoom(more, model.kept);
        assert.ok(tape.hasRoom(more));
        for (let i = 0; i < more; i++) {
          tape.push(step + i);
          model.all.push(step + i);
        }
      } else if (action < 75) {
        const end = Math.max(model.kept, model.all.length - below(next, 40));
        tape.truncate(end);
        model.all.length = end;
      } else if (action < 85) {
        model.kept = Math.min(model.all.length, model.kept + below(next, 30));
      } else if (action < 95) {
        const to = tapes.length < 12 ? tapes.length : below(next, tapes.length);
        if (to === who) continue;
        tapes[to] = tape.fork(model.kept);
        models[to] = { all: [...model.all], kept: model.kept };
        deep++;
      } else if (action < 96 && model.all.length > 400) {
        tape.clear();
        model.all.length = 0;
        model.kept = 0;
      }
      const i = below(next, tapes.length);
      const { all, kept } = models[i];
      assert.equal(tapes[i].end, all.length);
      assert.deepEqual(Array.from(tapes[i].slice(kept)), all.slice(kept), `tape ${i} at step ${step}`);
      if (kept < all.length) {
        const place = kept + below(next, all.length - kept);
        assert.equal(tapes[i].at(place), all[place]);
      }
    }
    assert.ok(deep > 1000);
  });
}
