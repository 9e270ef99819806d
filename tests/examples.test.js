// The examples in JSDoc that say what they give: each gives that, to the digits shown. The others run.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as logitkit from '../js/index.js';

const LIBRARY = { ...logitkit };
const folder = new URL('../js/', import.meta.url);

/** Lines of examples that are one call of one of these functions, of all files. */
function calls() {
  const found = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    for (const [, block] of text.matchAll(/@example\n([\s\S]*?)(?:\n \*\n|\n \* @|\*\/)/g)) {
      for (const line of block.split('\n')) {
        const [, call, name, given] = /^ \* ((\w+)\(.*\)(?:\.\w+)?);(?: \/\/ (.*))?$/.exec(line) ?? [];
        if (Object.hasOwn(LIBRARY, name) && !/logits|row/.test(call)) found.push({ file, name, call, given });
      }
    }
  }
  return found;
}

/** Numbers of a result or of a comment, in order. */
const numbers = (value) =>
  typeof value === 'number'
    ? [value]
    : Object.values(value).flatMap((part) => (typeof part === 'number' ? part : numbers(part)));

const found = calls();

for (const { file, call, given } of found) {
  test(`${file}: ${call}`, () => {
    const result = numbers(runInNewContext(call, LIBRARY));
    assert.ok(result.every((value) => value === value));
    const [shown] = /^(?:\[.*?\]|\{.*?\}$|-?[\d.]+|Infinity)/.exec(given ?? '') ?? [];
    if (shown === undefined) return;
    const expected = shown.match(/-?(?:\d+(?:\.\d+)?|Infinity)/g);
    assert.deepEqual(
      result.map((value, i) =>
        expected[i]?.includes('.') ? value.toFixed(expected[i].split('.')[1].length) : `${value}`,
      ),
      expected,
    );
  });
}

test('every function of a row has one', () => {
  const named = new Set(found.map(({ name }) => name));
  for (const name of [
    'argmax',
    'attention',
    'boltzmann',
    'crossEntropy',
    'crossEntropyBackward',
    'crossEntropyTemperatureGrad',
    'entmax',
    'entmax15',
    'entropy',
    'guide',
    'klDivergence',
    'logSumExp',
    'perplexity',
    'softmax',
    'softmaxBackward',
    'softmaxTemperatureGrad',
    'sparsemax',
    'topK',
  ])
    assert.ok(named.has(name), name);
});

test('those of the draws of Sampler run', () => {
  const text = readFileSync(new URL('sampler.js', folder), 'utf8');
  const blocks = Array.from(text.matchAll(/@example\n([\s\S]*?)(?:\n +\*\n|\n +\* @|\*\/)/g), ([, block]) =>
    block.replace(/^ +\* /gm, ''),
  );
  const draws = blocks.filter((block) => /sampler\.(?:sampleN|draft|verify)\(/.test(block));
  assert.equal(draws.length, 3);
  for (const block of draws) {
    const n = 32000;
    const sampler = new logitkit.Sampler(n, { seed: 1 });
    const model = (guess) => new Float32Array(n * (guess.length + 1));
    const given = {
      ...LIBRARY,
      console: { log() {} },
      sampler,
      model,
      vocabSize: n,
      promptTokens: [1, 2],
      logits: new Float32Array(n),
    };
    runInNewContext(block, given);
    sampler.dispose();
  }
});
