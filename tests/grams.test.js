import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Grams } from '../js/grams.js';
import { below, random } from './helpers/random.js';

/** As much of a history as an index looks at. */
class Tokens {
  low = 0;
  stored = 0;
  tokens = [];
  get end() {
    return this.tokens.length;
  }
  at(i) {
    return this.tokens[i];
  }
}

/** Below some 40000 tokens no two pairs have one hash. */
const VOCABULARY = 262144;

test('grams of the same hash are told apart: 300000 pairs have some', () => {
  const history = new Tokens();
  const grams = new Grams(history, 2);
  const next = random(1);
  const seen = new Map();
  for (let end = 1; end <= 300000; end++) {
    history.tokens.push(below(next, VOCABULARY));
    grams.sync();
    history.low = end;
    if (end < 2) continue;
    const key = history.at(end - 2) * VOCABULARY + history.at(end - 1);
    assert.equal(grams.before(end, 0), seen.get(key) ?? -1);
    seen.set(key, end);
  }
});

test('places as a search finds them, whatever came, went and was forgotten', () => {
  const next = random(2);
  for (const length of [0, 1, 2, 3, 8]) {
    const history = new Tokens();
    const grams = new Grams(history, length);
    for (let i = 0; i < 3000; i++) {
      const kind = next();
      if (kind < 0.1) {
        const least = history.end - below(next, 30);
        if (least >= history.stored) history.tokens.length = least;
        if (history.end < history.low) history.low = history.end;
      } else if (kind < 0.11) {
        history.tokens.length = 0;
        history.low = 0;
        history.stored = 0;
      } else {
        for (let n = kind < 0.12 ? 500 : 1 + below(next, 3); n > 0; n--) history.tokens.push(below(next, 3));
        if (history.end - 100 > history.stored) history.stored = history.end - 100;
      }
      if (next() < 0.5) continue;
      grams.sync();
      history.low = history.end;
      const { end, stored, tokens } = history;
      if (end - length < stored) continue;
      const first = stored + below(next, 5);
      const same = (q) =>
        tokens.slice(q - length, q).join() ===
        tokens
          .slice(end - length)
          .slice(0, length)
          .join();
      let expected = end;
      for (let place = end; place >= 0; ) {
        do expected--;
        while (expected - length >= first && !same(expected));
        if (expected - length < first) expected = -1;
        place = grams.before(place, first);
        assert.equal(place, expected, `length ${length}, step ${i}`);
      }
    }
  }
});
