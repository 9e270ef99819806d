/** Rows and files of the tokens that are frozen. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

/** Integers and divisions by powers of two alone, so that every engine makes the same row. */
export function rowOf(n, kind) {
  let state = 2463534242 + n + kind;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return Float32Array.from({ length: n }, (_, i) => {
    const bell = (next() + next() + next() + next() - 2) * [6, 0.8, 3][kind];
    if (i % 97 === 13) return Number.NEGATIVE_INFINITY;
    return Math.fround(kind === 0 && next() < 12 / n ? bell + 14 : bell);
  });
}

/**
 * Asserts that tokens are those of a file of tests/golden/; with --write they are recorded there instead.
 *
 * @param {string} name
 * @param {Record<string, number[]>} found
 */
export function frozen(name, found) {
  const file = new URL(`../golden/${name}`, import.meta.url);
  if (process.argv.includes('--write')) {
    const lines = Object.entries(found).map(([key, tokens]) => `"${key}": [${tokens.join(', ')}]`);
    writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
  }
  const known = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(Object.keys(found), Object.keys(known));
  for (const [key, tokens] of Object.entries(found)) assert.deepEqual(tokens, known[key], key);
}
