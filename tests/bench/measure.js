/**
 * Times implementations against each other: every round runs all of them in a fresh random order, and a
 * figure is the median of ratios taken inside a round, so that a machine whose speed drifts from second
 * to second still gives the same ratio.
 *
 * @typedef {object} Implementation
 * @property {string} name
 * @property {'heap'|'resident'} [where]   which floor it is held against
 * @property {string} [floor]              set on the floors themselves
 * @property {boolean} [async]             `run` returns a promise
 * @property {number} [pool]                `run` destroys its row: it takes i = 0..pool - 1, each once after
 *                                        `prepare`, which is not timed, has restored them all
 * @property {() => void} [prepare]
 * @property {(i: number) => any} run      i = 0..3: which row, where there is no pool
 */

import { shuffle } from './random.js';
import { ROWS } from './rows.js';

/** What the last call returned stays reachable, so that no call can be optimised away. */
export const kept = { answer: undefined };

/** The smallest step the clock makes, in ms. */
export function clockStep() {
  let step = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    step = Math.min(step, now - start);
  }
  return step;
}

/** Calls `calls` times, beginning at row `from`; ms in all. */
function timeSync(run, from, calls) {
  let answer;
  const start = performance.now();
  for (let i = 0; i < calls; i++) answer = run((from + i) & (ROWS - 1));
  const ms = performance.now() - start;
  kept.answer = answer;
  return ms;
}

async function timeAsync(run, from, calls) {
  let answer;
  const start = performance.now();
  for (let i = 0; i < calls; i++) answer = await run((from + i) & (ROWS - 1));
  const ms = performance.now() - start;
  kept.answer = answer;
  return ms;
}

/** One turn over the pool at a time. */
function timePool({ run, prepare, pool }, calls) {
  let answer;
  let ms = 0;
  for (let done = 0; done < calls; done += pool) {
    prepare();
    const start = performance.now();
    for (let i = 0; i < pool; i++) answer = run(i);
    ms += performance.now() - start;
  }
  kept.answer = answer;
  return ms;
}

function time(entry, calls) {
  if (entry.pool) return timePool(entry, calls);
  return (entry.async ? timeAsync : timeSync)(entry.run, entry.next, calls);
}

/** Warm-up: until the compilers have had `warmMs` of it; returns ms per call at the end. */
async function warmUp(entry, warmMs) {
  let calls = entry.pool ?? 1;
  let spent = 0;
  for (;;) {
    const ms = await time(entry, calls);
    spent += ms;
    if (spent >= warmMs) return Math.max(ms / calls, 1e-6);
    if (ms < warmMs / 8) calls *= 2;
  }
}

/** A peer slower than this joins only some rounds. */
const SLOW_MS = 10;
const SLOW_EVERY = 3;

/**
 * @param {Implementation[]} implementations
 * @param {{rounds: number, batchMs: number, warmMs: number, random: () => number}} settings
 * @returns {Promise<Map<string, Float64Array>>} per implementation: microseconds per call of each round
 */
export async function measure(implementations, { rounds, batchMs, warmMs, random }) {
  const entries = implementations.map((implementation) => ({
    ...implementation,
    next: 0,
    calls: 1,
    every: 1,
    us: new Float64Array(rounds).fill(Number.NaN),
  }));
  for (const entry of entries) {
    const ms = await warmUp(entry, warmMs);
    entry.calls = Math.ceil(batchMs / ms);
    const turn = entry.pool ?? (entry.calls > 1 ? ROWS : 1);
    entry.calls = Math.ceil(entry.calls / turn) * turn;
    if (ms > SLOW_MS) entry.every = SLOW_EVERY;
  }
  const order = [...entries];
  for (let round = 0; round < rounds; round++) {
    shuffle(order, random);
    for (const entry of order) {
      if (round % entry.every !== 0) continue;
      const ms = await time(entry, entry.calls);
      entry.next = (entry.next + entry.calls) & (ROWS - 1);
      entry.us[round] = (1000 * ms) / entry.calls;
    }
  }
  return new Map(entries.map((entry) => [entry.name, entry.us]));
}

/** Median, 10th and 90th percentile of what was measured. */
export function spread(values) {
  const sorted = Float64Array.from(values.filter((x) => !Number.isNaN(x))).sort();
  const at = (q) => {
    const place = q * (sorted.length - 1);
    const low = Math.floor(place);
    const high = Math.ceil(place);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  };
  return { median: at(0.5), p10: at(0.1), p90: at(0.9) };
}

/** Ratios inside the rounds. */
export function ratios(values, floor) {
  return spread(values.map((us, round) => us / floor[round]));
}
