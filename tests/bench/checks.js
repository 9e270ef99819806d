/**
 * Correctness before speed: what an implementation answers is held against float64 before it is timed.
 * logitkit has to keep the bounds it promises; a peer has to compute the same thing.
 */
import { ROWS } from './rows.js';

/** Smallest probability whose relative error is looked at. */
const LEAST = 1e-9;

const BOUNDS = {
  logitkit: { probs: 5e-7, sum: 3e-7, logprobs: 1e-6, number: 1e-6 },
  peer: { probs: 1e-3, sum: 1e-3, logprobs: 1e-3, number: 1e-3 },
};

/** How many standard errors the mean surprisal of the draws may be off. */
const SIGMAS = 5;

const wrong = (message) => {
  throw new Error(`wrong answer: ${message}`);
};

function sameLength(found, expected, row) {
  if (found?.length !== expected.length)
    wrong(`row ${row} has ${found?.length} values of ${expected.length}`);
}

function probs(found, expected, row, bounds) {
  sameLength(found, expected, row);
  let worst = 0;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) {
    sum += found[i];
    if (!(found[i] >= 0)) wrong(`row ${row}, id ${i} has probability ${found[i]}`);
    if (expected[i] >= LEAST) worst = Math.max(worst, Math.abs(found[i] / expected[i] - 1));
  }
  if (worst > bounds.probs) wrong(`row ${row} is off by ${worst}, relative`);
  if (Math.abs(sum - 1) > bounds.sum) wrong(`row ${row} sums to 1 + ${sum - 1}`);
  return { relative: worst, sum: Math.abs(sum - 1) };
}

function logprobs(found, expected, row, bounds) {
  sameLength(found, expected, row);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(found[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    if (!(error <= bounds.logprobs)) wrong(`row ${row}, id ${i}: ${found[i]} instead of ${expected[i]}`);
    worst = Math.max(worst, error);
  }
  return { relative: worst };
}

function number(found, expected, row, bounds) {
  const error = Math.abs(found - expected);
  if (!(error <= bounds.number)) wrong(`row ${row}: ${found} instead of ${expected}`);
  return { absolute: error };
}

function token(found, expected, row) {
  if (found !== expected) wrong(`row ${row}: token ${found} instead of ${expected}`);
  return {};
}

const KINDS = { probs, logprobs, number, token };

/** Every row once; returns the largest errors seen. */
async function checkAnswers(implementation, kind, answers, bounds) {
  implementation.prepare?.();
  const errors = {};
  for (let i = 0; i < ROWS; i++) {
    const seen = KINDS[kind](await implementation.run(i), answers[i], i, bounds);
    for (const [name, value] of Object.entries(seen)) errors[name] = Math.max(errors[name] ?? 0, value);
  }
  return errors;
}

/**
 * Draws until `ms` are spent or `most` are made. No id outside the law's; the mean surprisal within five
 * standard errors of the entropy. A draw that is known to follow another law only has to give an id.
 */
async function checkDraws(implementation, laws, { ms, most, reseed }) {
  let off = 0;
  let variance = 0;
  let draws = 0;
  for (
    const end = performance.now() + ms;
    draws < 2 * ROWS || (draws < most && performance.now() < end);
    draws++
  ) {
    const row = draws % ROWS;
    reseed?.(draws);
    const id = await implementation.run(row);
    if (!Number.isInteger(id)) wrong(`row ${row} gives ${id}`);
    if (implementation.other) continue;
    if (!laws[row].allows(id)) wrong(`row ${row}: token ${id} is not among the ${laws[row].kept} kept`);
    off += laws[row].surprisal(id) - laws[row].entropy;
    variance += laws[row].variance;
  }
  const sigmas = variance > 0 ? off / Math.sqrt(variance) : 0;
  if (Math.abs(sigmas) > SIGMAS)
    wrong(`${draws} draws: mean surprisal ${sigmas.toFixed(1)} standard errors off`);
  return { draws, sigmas };
}

/** @returns errors found, or throws */
export function check(operation, implementation, expected, settings) {
  const bounds = implementation.peer === 'logitkit' ? BOUNDS.logitkit : BOUNDS.peer;
  if (operation.kind === 'draw') return checkDraws(implementation, expected[implementation.dtype], settings);
  return checkAnswers(implementation, operation.kind, expected, bounds);
}
