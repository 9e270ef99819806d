import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checksum } from '../js/bytes.js';
import { Sampler, StateError } from '../js/index.js';
import { options as anyOptions, learning } from './helpers/arbitrary.js';
import { grown, lead, portrait, REMEMBERING, ROWS, VOCABULARY } from './helpers/life.js';
import { below, random } from './helpers/random.js';

/** Bytes with a sum that fits them. */
function summed(bytes) {
  const sound = bytes.slice();
  new DataView(sound.buffer).setUint32(sound.length - 4, checksum(sound.subarray(0, -4)), true);
  return sound;
}

/** Bytes give a sampler that can be used and saved, or a StateError. */
function judge(bytes) {
  let sampler;
  try {
    sampler = Sampler.load(bytes);
  } catch (error) {
    assert.ok(error instanceof StateError, `${error?.stack} of ${Array.from(bytes)}`);
    assert.match(error.message, /^load: /);
    return false;
  }
  const { position, history, vocabSize } = sampler;
  assert.ok(position >= 0 && vocabSize > 0 && history.every((token) => token < vocabSize));
  const again = Sampler.load(sampler.save());
  assert.deepEqual(again.history, history);
  if (vocabSize <= 4096) use(sampler, new Float32Array(vocabSize));
  sampler.dispose();
  again.dispose();
  return true;
}

/** @param {Sampler} sampler @param {Float32Array} row */
function use(sampler, row) {
  try {
    const token = sampler.sample(row);
    assert.ok(Number.isInteger(token) && token >= 0 && token < row.length, `${token}`);
    sampler.accept(token);
    sampler.rewind(0);
    sampler.sample(row);
    sampler.fork().dispose();
  } catch (error) {
    // Bits that were turned may have banned everything, by an option or by the mask.
    assert.ok(error.name === 'LogitsError' && error.code === 'masked', error.stack);
  }
}

for (const [name, options] of Object.entries(REMEMBERING)) {
  test(`what was loaded goes on as what was saved: ${name}`, () => {
    for (let seed = 0; seed < 6; seed++) {
      const sampler = grown(Sampler, options, seed, 20 + 60 * seed);
      const bytes = sampler.save();
      const before = portrait(sampler);
      const again = Sampler.load(bytes);
      assert.equal(portrait(again), before);
      assert.deepEqual(again.save(), bytes, 'the same state gives the same bytes');
      const twice = Sampler.load(again.save());
      lead([sampler, again, twice], 60, seed + 50);
      assert.equal(portrait(again), portrait(sampler));
      assert.equal(portrait(twice), portrait(sampler));
      assert.deepEqual(again.save(), sampler.save());
      for (const one of [sampler, again, twice]) one.dispose();
    }
  });

  test(`saved, loaded and taken back to where the prompt ended: ${name}`, () => {
    const sampler = grown(Sampler, options, 3, 0);
    for (let i = 0; i < 30; i++) sampler.sample(ROWS[i % ROWS.length]);
    const again = Sampler.load(sampler.save());
    for (const far of [1, 4, 9, 16]) {
      let refused = '';
      try {
        sampler.rewind(far);
      } catch (error) {
        refused = error.message;
      }
      if (refused) assert.throws(() => again.rewind(far), { name: 'RangeError', message: refused });
      else again.rewind(far);
      assert.equal(portrait(again), portrait(sampler));
    }
    sampler.dispose();
    again.dispose();
  });
}

test('whatever the options and the past: equal, and a fork of it, too', () => {
  const property = fc.property(anyOptions, learning, fc.nat(1000), (options, learned, seed) => {
    let sampler;
    try {
      sampler = grown(Sampler, { ...options, ...learned }, seed, 25);
    } catch (error) {
      // Two options that exclude each other.
      assert.ok(error instanceof RangeError, String(error));
      return;
    }
    const child = sampler.fork();
    const [one, two] = [sampler, child].map((from) => Sampler.load(from.save()));
    assert.equal(two.fork().stream, child.fork().stream);
    lead([sampler, one], 15, seed);
    lead([child, two], 15, seed);
    assert.equal(portrait(one), portrait(sampler));
    assert.equal(portrait(two), portrait(child));
    for (const each of [sampler, child, one, two]) each.dispose();
  });
  fc.assert(property, { numRuns: 150, seed: 8 });
});

/** Changes of options on the way, each of which turns on or off what another has left. */
const CHANGES = [
  { penaltyLastN: 4, frequencyPenalty: 0.4 },
  { penaltyLastN: -1 },
  { penaltyLastN: 0 },
  { maxHistory: 11, penaltyLastN: 2 },
  { maxHistory: 30 },
  { frequencyPenalty: 0 },
  { mirostat: 2, mirostatTau: 3 },
  { mirostat: 0, adaptiveTarget: 0.3 },
  { adaptiveTarget: -1 },
  { dryMultiplier: 0.7, dryAllowedLength: 1 },
  { dryMultiplier: 0, noRepeatNgramSize: 2 },
  { noRepeatNgramSize: 0, badWords: [[1, 2], [3]] },
  { sequenceBias: [[[4, 5], 2]], repetitionPenalty: 1.2 },
];

test('a life with changes of options, forked and saved again and again', () => {
  const next = random(31);
  let changed = 0;
  for (let life = 0; life < 12; life++) {
    let sampler = grown(Sampler, {}, life, 10);
    for (let chapter = 0; chapter < 25; chapter++) {
      const heirs = [sampler, sampler.fork({ stream: sampler.stream }), Sampler.load(sampler.save())];
      const change = CHANGES[below(next, CHANGES.length)];
      const results = heirs.map((heir) => {
        try {
          heir.configure(change);
          changed++;
          return 'changed';
        } catch (error) {
          assert.ok(error instanceof RangeError);
          return error.message;
        }
      });
      assert.equal(new Set(results).size, 1, results.join());
      lead(heirs, 1 + below(next, 25), chapter);
      assert.equal(new Set(heirs.map(portrait)).size, 1, `life ${life}, chapter ${chapter}`);
      const [keep] = heirs.splice(below(next, 3), 1);
      for (const heir of heirs) heir.dispose();
      sampler = keep;
      if (chapter % 12 === 11) sampler.reset();
    }
    sampler.dispose();
  }
  assert.ok(changed > 500);
});

test('options of every kind come back as they were', () => {
  for (const options of [
    { seed: 2n ** 64n - 1n },
    { seed: 2 ** 53 - 1 },
    { temperature: Infinity },
    { temperature: -0 },
    { temperature: -Infinity },
    { temperature: 5e-324, topP: 1 - 2 ** -53, minP: 1e-300 },
    { order: ['penalties', 'topK', 'draw'], topK: 3 },
    { order: 'transformers', topK: 3 },
    {
      logitBias: new Map([
        [4, -Infinity],
        [0, -0],
        [9, 3e38],
      ]),
    },
    {
      sequenceBias: new Map([
        [[1, 2], -Infinity],
        [Int32Array.of(3), 0.1],
      ]),
    },
    { forcedTokens: { 3: 4, 9007199254740991: 0 } },
    { lengthPenalty: { start: 2, factor: 0 }, eosTokens: [1] },
    { suppressTokens: [3, 3, 1], allowedTokens: [9, 1, 2], badWords: [[1, 2, 3], [4]] },
    { transform: 'entmax15', pLess: true, repetitionScope: 'output' },
  ]) {
    const sampler = new Sampler(10, options);
    const again = Sampler.load(sampler.save());
    assert.deepEqual(again.options, sampler.options);
    for (const [name, value] of Object.entries(sampler.options)) {
      assert.ok(Object.is(again.options[name], value) || typeof value === 'object', name);
    }
    assert.equal(again.seed, sampler.seed);
    sampler.dispose();
    again.dispose();
  }
});

test('masks come back as they are at the moment, and belong to the new sampler', () => {
  for (const mask of [Uint32Array.of(0xfffffffe, 3), Int32Array.of(-2), new Uint32Array(0), null]) {
    const sampler = new Sampler(VOCABULARY, { seed: 1 });
    sampler.mask = mask;
    const again = Sampler.load(sampler.save());
    assert.deepEqual(again.mask, mask);
    if (mask?.length) {
      mask[0] = 4;
      assert.notEqual(again.mask[0], 4);
      assert.equal(sampler.sample(ROWS[0], { mask: again.mask }), again.sample(ROWS[0]));
    }
    sampler.dispose();
    again.dispose();
  }
});

test('a loaded sampler has no row and no last', () => {
  const sampler = new Sampler(VOCABULARY, { seed: 1 });
  sampler.sample(ROWS[0]);
  const again = Sampler.load(sampler.save());
  assert.ok(again instanceof Sampler);
  assert.equal(again.last, null);
  assert.throws(() => again.sample(), /x must be given/);
  again.logits.set(ROWS[1]);
  assert.equal(again.sample(), sampler.sample(ROWS[1]));
  sampler.dispose();
  again.dispose();
  assert.throws(() => sampler.save(), /disposed/);
});

test('the bytes are those that the format tells: another machine has them, too', () => {
  const sampler = new Sampler(300, { topK: 2, seed: 258, order: 'logitkit' });
  sampler.accept([299, 1], { prompt: true });
  sampler.accept([128]);
  const text = '{"topK":2,"seed":258}';
  const head = [76, 75, 73, 84, 1, 0xac, 2, text.length, ...new TextEncoder().encode(text), 0, 0, 1, 0];
  // position, first stored, floor, end; tokens doubled, with the mark of the prompt; nothing forgotten; no trail; no state
  const tail = [
    1,
    0,
    0,
    3,
    ...[299 * 2 + 1, 3, 256].flatMap((v) => (v < 128 ? [v] : [128 + (v % 128), v >> 7])),
    0,
    0,
    0,
  ];
  const bytes = Uint8Array.from([...head, ...tail, 0, 0, 0, 0]);
  assert.deepEqual(sampler.save(), summed(bytes));
  // FNV-1a's published test vectors.
  for (const [input, sum] of [
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ]) {
    assert.equal(checksum(new TextEncoder().encode(input)), sum);
  }
  sampler.dispose();
});

test('bytes in every form; anything else is a TypeError', () => {
  const sampler = grown(Sampler, REMEMBERING.penalties, 1);
  const bytes = sampler.save();
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  for (const form of [bytes, bytes.buffer, Buffer.from(bytes), shifted]) {
    const again = Sampler.load(form);
    assert.equal(portrait(again), portrait(sampler));
    again.dispose();
  }
  for (const wrong of [
    undefined,
    null,
    'LKIT',
    3,
    {},
    [1, 2],
    new Float32Array(4),
    new DataView(bytes.buffer),
  ]) {
    assert.throws(() => Sampler.load(wrong), { name: 'TypeError', message: /^load: bytes must be/ });
  }
  const gone = bytes.slice();
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  assert.throws(() => Sampler.load(gone), { name: 'TypeError', message: /detached/ });
  sampler.dispose();
});

test('foreign, later and damaged bytes are told apart', () => {
  const bytes = grown(Sampler, REMEMBERING.dry, 2).save();
  const message = (edit) => {
    const other = bytes.slice();
    edit(other);
    let found = '';
    assert.throws(
      () => Sampler.load(other),
      (error) => {
        found = error.message;
        return error instanceof StateError;
      },
    );
    return found;
  };
  assert.match(
    message((b) => b.fill(7)),
    /not what save\(\) gives/,
  );
  assert.match(
    message((b) => {
      b[4] = 2;
    }),
    /of version 2, this release knows 1/,
  );
  for (let at = 5; at < bytes.length; at++) {
    const flipped = message((b) => {
      b[at] ^= 1 << (at & 7);
    });
    assert.match(flipped, /damaged/);
  }
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => Sampler.load(bytes.slice(0, length)), StateError);
  }
});

test('random bytes, cut, spliced and turned ones with a sum that fits: a StateError or a sampler', () => {
  const next = random(77);
  const saved = Object.values(REMEMBERING).map((options, i) => grown(Sampler, options, i, 30).save());
  let sound = 0;
  let broken = 0;
  for (let trial = 0; trial < 12000; trial++) {
    let bytes = saved[trial % saved.length].slice();
    const kind = trial % 6;
    const at = 5 + below(next, bytes.length - 17);
    if (kind === 0) bytes = Uint8Array.from({ length: below(next, 60) }, () => below(next, 256));
    else if (kind === 1) bytes = bytes.slice(0, at + 4);
    else if (kind === 2)
      bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1 + below(next, 9))]);
    else if (kind === 3)
      bytes.set(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 15).subarray(below(next, 8)), at);
    else
      for (let flips = 1 + below(next, 3); flips > 0; flips--)
        bytes[5 + below(next, bytes.length - 9)] ^= 1 << below(next, 8);
    if (kind === 0) bytes.set(saved[0].subarray(0, Math.min(5, bytes.length)));
    if (judge(bytes.length > 8 ? summed(bytes) : bytes)) sound++;
    else broken++;
  }
  assert.ok(sound > 500 && broken > 3000, `${sound} samplers, ${broken} errors`);
});
