/**
 * Speculative decoding: tokens that something cheaper has guessed are accepted or replaced so that what comes out has
 * the law of the sampler's own chain. Leviathan, Kalman, Matias 2023; Chen et al. 2023.
 */
import { LK } from '../dist/abi.js';
import { isInside } from './alloc.js';
import { f32, f64, i32, u32 } from './arena.js';
import { checkNames, show } from './check.js';
import { keep } from './draw.js';
import { LogitsError } from './errors.js';
import { rawOf } from './logprobs.js';
import { copyRow, formatOf, NUMBERS, numberAt, revived } from './read.js';
import { IDS, rowBytes, scratch, VALUES } from './scratch.js';
import { AT } from './struct.js';
import { tokensOf } from './tokens.js';
import { uniforms } from './uniforms.js';

/** How far the draft's probabilities of a row may be from 1 in all: they are divided by their sum. */
const TOLERANCE = 1e-3;
const OPTIONS = ['dtype'];

/**
 * The draft's probabilities for one row: x[from + token] / total; without x its token was certain.
 * @typedef {{ token: number, x: any, from: number, total: number }} Guess
 */

/**
 * `Sampler.verify`, which says what it does.
 * @param {import('./sequence.js').Parts} parts
 * @param {unknown} draft
 * @param {any} draftProbs
 * @param {any} targetRows
 * @param {{ dtype?: unknown }} options
 */
export function verify(parts, draft, draftProbs, targetRows, options) {
  const { frame, mask, plan } = parts;
  const { n, history } = frame;
  const { logprobs } = plan.settings;
  checkNames('verify', options, OPTIONS);
  if (mask !== null) parts.checkMask('verify: sampler.mask', mask);
  const guesses = guessesOf(tokensOf('verify: draft', draft, n), draftProbs, n);
  const k = guesses.length;
  const format = formatOf('verify: targetRows', targetRows, options.dtype);
  checkSize('targetRows', targetRows, k + 1, n);

  const rows = lasting(targetRows);
  const qs = lasting(draftProbs);
  const ids = scratch(IDS, rowBytes(n), 'verify');
  const probs = scratch(VALUES, rowBytes(n), 'verify');
  frame.reserve('verify');
  const copy = frame.spare;
  /** @type {number[]} */
  const tokens = [];
  let accepted = 0;
  let raw = null;
  history.hold(true);
  try {
    for (;;) {
      const where = `verify: targetRows (row ${accepted})`;
      copyRow(where, rows(), accepted * n, n, format, copy);
      frame.aim(copy, format, mask);
      let token = 0;
      if (accepted === k) {
        token = frame.sample(where);
      } else {
        const guess = { ...guesses[accepted], x: qs() };
        token = guess.token;
        // Accepted with probability min(1, p / q).
        const u = uniforms(parts, LK.PURPOSE_ACCEPT)(0);
        if (u * chanceOf(guess, token) < probability(parts, where, token)) {
          accepted++;
        } else {
          const count = frame.distribution(where, n, ids, probs);
          token = residual(parts, guess, ids >>> 2, probs >>> 2, count);
          if (learns(frame)) probability(parts, where, token);
        }
      }
      raw = logprobs > 0 ? rawOf(where, frame, logprobs, [token]) : null;
      frame.makeRoom();
      tokens.push(token);
      if (accepted < tokens.length) break;
      frame.record(token);
    }
  } catch (error) {
    frame.rewind(tokens.length);
    if (error instanceof LogitsError && error.index >= 0) error.index += tokens.length * n;
    throw Object.assign(/** @type {Error} */ (error), { row: tokens.length });
  } finally {
    history.hold(false);
  }
  // What was copied last is the row of the last token.
  parts.raw = raw;
  keep(parts, tokens[tokens.length - 1], copy, format, mask, true);
  return { tokens: Int32Array.from(tokens), accepted };
}

/** @param {string} what @param {{ length: number }} x @param {number} rows @param {number} n */
function checkSize(what, x, rows, n) {
  if (x.length === rows * n) return;
  const name = what === 'draftProbs' ? 'draft.length' : 'draft.length + 1';
  throw new RangeError(
    `verify: ${what} must have ${name} = ${rows} rows of vocabSize = ${n} elements, got ${x.length}`,
  );
}

/**
 * An array that may lie in the library's memory, which may grow meanwhile.
 * @param {any} x
 * @returns {() => any}
 */
function lasting(x) {
  if (!ArrayBuffer.isView(x)) return () => x;
  const offset = isInside(x) ? x.byteOffset : -1;
  const { length } = /** @type {any} */ (x);
  return () => revived(x, offset, length);
}

/**
 * Checks the draft's probabilities. Without them each draft was certain.
 * @param {Int32Array} draft
 * @param {any} draftProbs
 * @param {number} n
 * @returns {Guess[]}
 */
function guessesOf(draft, draftProbs, n) {
  if (draftProbs === null) return Array.from(draft, (token) => ({ token, x: null, from: 0, total: 1 }));
  const what = 'verify: draftProbs';
  const plain = formatOf(what, draftProbs, undefined) === NUMBERS;
  checkSize('draftProbs', draftProbs, draft.length, n);
  return Array.from(draft, (token, row) => {
    const from = row * n;
    if (plain) for (let i = from; i < from + n; i++) numberAt(what, draftProbs, i);
    const total = sumOf(what, draftProbs, from, n);
    if (!(Math.abs(total - 1) <= TOLERANCE)) {
      throw new RangeError(`${what} (row ${row}) must sum to 1 within ${TOLERANCE}, got ${total}`);
    }
    if (draftProbs[from + token] === 0) {
      throw new RangeError(
        `${what} (row ${row}) must be > 0 for the draft's token ${token}, which was drawn, got 0`,
      );
    }
    return { token, x: draftProbs, from, total };
  });
}

/**
 * The sum of n probabilities. By itself, so that it stays fast whatever else is called.
 * @param {string} what
 * @param {any} x
 * @param {number} from
 * @param {number} n
 */
function sumOf(what, x, from, n) {
  let total = 0;
  for (let i = from; i < from + n; i++) {
    const q = x[i];
    if (!(q >= 0)) throw new RangeError(`${what}[${i}] must be a number >= 0, got ${show(q)}`);
    total += q;
  }
  return total;
}

/** What the draft gave a token. @param {Guess} guess @param {number} token */
function chanceOf({ token: certain, x, from, total }, token) {
  if (x === null) return token === certain ? 1 : 0;
  return x[from + token] / total;
}

/**
 * The probability of a token by `distribution`, without the rest of the law; and in the struct, for `record`, what it
 * teaches mirostat and adaptive. Where XTC acts by chance that is as its random number says, or the other way where the
 * token could not have come then.
 * @param {import('./sequence.js').Parts} parts
 * @param {string} where
 * @param {number} token
 */
function probability(parts, where, token) {
  const { frame } = parts;
  const chance = (frame.at + AT.xtcProbability) >>> 3;
  const own = f64[chance];
  /** @param {number} fires */
  const run = (fires) => {
    f64[chance] = fires;
    frame.sample(where);
    return f64[(frame.at + AT.probability) >>> 3];
  };
  u32[(frame.at + AT.given) >>> 2] = token + 1;
  try {
    if (own === 0 || own === 1) return run(own);
    const fires = uniforms(parts, LK.PURPOSE_XTC)(0) < own ? 1 : 0;
    const other = run(1 - fires);
    const p = run(fires);
    if (p === 0) run(1 - fires);
    return fires === 1 ? own * p + (1 - own) * other : own * other + (1 - own) * p;
  } finally {
    f64[chance] = own;
    u32[(frame.at + AT.given) >>> 2] = 0;
  }
}

/** Whether a token teaches anything. @param {import('./frame.js').Frame} frame */
function learns({ at }) {
  return f64[(at + AT.mirostat) >>> 3] > 0 || f64[(at + AT.adaptiveTarget) >>> 3] >= 0;
}

/**
 * A token by max(p - q, 0), which stands in for a rejected draft; by p where rounding leaves nothing of that.
 * @param {import('./sequence.js').Parts} parts
 * @param {Guess} guess
 * @param {number} ids index of the law's first token
 * @param {number} probs index of its probability
 * @param {number} count
 * @returns {number}
 */
function residual(parts, guess, ids, probs, count) {
  const weights = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const rest = f32[probs + i] - chanceOf(guess, i32[ids + i]);
    if (rest > 0) total += weights[i] = rest;
  }
  if (total === 0) for (let i = 0; i < count; i++) total += weights[i] = f32[probs + i];
  const v = uniforms(parts, LK.PURPOSE_RESIDUAL)(0) * total;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < count && sum <= v; i++) {
    sum += weights[i];
    if (weights[i] > 0) last = i;
  }
  return i32[ids + last];
}
