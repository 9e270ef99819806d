/** Several tokens for one position. */
import { LK } from '../dist/abi.js';
import { f32, i32, u32 } from './arena.js';
import { checkBoolean, checkNames, checkNumber } from './check.js';
import { core } from './instance.js';
import { aimAt } from './look.js';
import { IDS, rowBytes, scratch, VALUES } from './scratch.js';
import { AT } from './struct.js';
import { uniforms } from './uniforms.js';

/** Two uniforms make a seed, and their indices have 32 bits. */
const COUNT = { min: 1, max: 2147483647, integer: true };
const OPTIONS = ['dtype', 'mask', 'replace'];
const WORD = 2 ** 32;
/** 2^-53, in place of a uniform that is 0. */
const LEAST = 1.1102230246251565e-16;
/** Candidates to gather before they are sorted. */
const ROOM = 64;

/**
 * `Sampler.sampleN`, which says what it does.
 * @param {import('./sequence.js').Parts} parts
 * @param {import('./read.js').Row | null | undefined} x
 * @param {unknown} n
 * @param {import('./sampler.js').SampleNOptions} options
 * @returns {Int32Array}
 */
export function sampleN(parts, x, n, options) {
  const { frame } = parts;
  checkNames('sampleN', options, OPTIONS);
  const count = checkNumber('sampleN: n', n, COUNT);
  const { replace = true, ...rest } = options;
  checkBoolean('sampleN: replace', replace);
  aimAt('sampleN', parts, x, rest, replace ? 0 : rowBytes(frame.n));
  return (replace ? independent : distinct)(parts, count);
}

/**
 * Draw i is what `sample` would give with seed number i, derived from the sampler's (as JAX's fold_in makes keys of
 * keys): draws share no random number, whatever each needs.
 * @param {import('./sequence.js').Parts} parts
 * @param {number} count
 */
function independent(parts, count) {
  const tokens = new Int32Array(count);
  const at = (parts.frame.at + AT.seed) >>> 2;
  const [low, high] = [u32[at], u32[at + 1]];
  const key = uniforms(parts, LK.PURPOSE_KEY);
  try {
    for (let i = 0; i < count; i++) {
      u32[at] = key(2 * i) * WORD;
      u32[at + 1] = key(2 * i + 1) * WORD;
      tokens[i] = parts.frame.sample('sampleN');
    }
  } finally {
    u32[at] = low;
    u32[at + 1] = high;
  }
  return tokens;
}

/**
 * By ln p - ln(-ln u), descending: that is -ln u / p, ascending, and since -ln u is never below 1 - u most tokens of a large
 * vocabulary are told without a logarithm.
 * @param {import('./sequence.js').Parts} parts
 * @param {number} count
 */
function distinct(parts, count) {
  const { frame } = parts;
  const { n } = frame;
  const ids = scratch(IDS, rowBytes(n), 'sampleN') >>> 2;
  const probs = scratch(VALUES, rowBytes(n), 'sampleN') >>> 2;
  let kept = frame.distribution('sampleN', n, 4 * ids, 4 * probs);
  while (f32[probs + kept - 1] === 0) kept--;
  if (count > kept) {
    throw new RangeError(
      `sampleN: n must be in [1, ${kept}], the tokens that can be drawn, without replacement, got ${count}`,
    );
  }
  const { lk_log: ln } = core();
  const uniform = uniforms(parts, LK.PURPOSE_WITHOUT);
  /** @type {{ token: number, key: number }[]} */
  const first = [];
  let bound = Infinity;
  for (let i = 0; i < kept; i++) {
    const token = i32[ids + i];
    const u = uniform(token) || LEAST;
    if (1 - u > bound * f32[probs + i]) continue;
    first.push({ token, key: -ln(u) / f32[probs + i] });
    // Sorted now and then, so that the bound falls and what is behind it goes.
    if (first.length === ROOM + 2 * count) bound = shorten(first, count);
  }
  shorten(first, count);
  return Int32Array.from(first, ({ token }) => token);
}

/**
 * Leaves the first of them, sorted.
 * @param {{ token: number, key: number }[]} candidates at least so many
 * @param {number} count
 * @returns {number} the last one's key
 */
function shorten(candidates, count) {
  candidates.sort((a, b) => a.key - b.key || a.token - b.token);
  candidates.length = count;
  return candidates[count - 1].key;
}
