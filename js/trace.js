/** `sampler.trace`: the chain, stage by stage. */
import { LK, OFFSETS, SIZES } from '../dist/abi.js';
import { f64, u32 } from './arena.js';
import { checkNames } from './check.js';
import { aimAt, atLast } from './look.js';
import { stageName } from './order.js';
import { IDS, scratch } from './scratch.js';
import { table } from './table.js';

/**
 * What a stage left. The first of a trace is 'logits': what entered.
 * @typedef {object} TraceStage
 * @property {import('./order.js').StageName | 'logits'} name
 * @property {number} kept how many tokens could be drawn if nothing followed
 * @property {number} mass the share that they had of the probability before the stage, in [0, 1]
 * @property {number | null} cutoff their lowest logit, null where the stage removed others than the least likely (those
 *   that ban, typical, xtc). Logits are what the stages have made of them: negated by a temperature below 0, logarithms
 *   behind skew and a transform; and beside +Infinity, or at temperatures outside [2^-90, 2^90], (x - max) / T
 * @property {number} entropy nats, of the law that they have
 */

const OPTIONS = ['dtype', 'mask'];
const AT = /* @__PURE__ */ table(() => OFFSETS.record);

/** Room for the records of a trace. @param {string} where */
const room = (where) => scratch(IDS, bytes(), where);
const bytes = () => SIZES.record * (LK.STAGE_COUNT + 2);

/**
 * @param {import('./look.js').Parts} parts
 * @param {import('./read.js').Row | null | undefined} x
 * @param {import('./look.js').LookOptions} [options]
 * @returns {TraceStage[]}
 */
export function traceOf(parts, x, options = {}) {
  const frame = parts.alive('trace');
  checkNames('trace', options, OPTIONS);
  const run = () => {
    const records = room('trace');
    return read(records, frame.trace('trace', records));
  };
  if (x === undefined || x === null) {
    if (options.dtype !== undefined || options.mask !== undefined)
      throw new TypeError('trace: dtype and mask go with x; the last call has its own');
    return atLast('trace', parts, parts.calls, true, run);
  }
  aimAt('trace', parts, x, options, bytes());
  return run();
}

/** Entropy of the row as `frame` is aimed at it, before any stage. @param {import('./frame.js').Frame} frame */
export function entropyOf(frame) {
  const records = room('last');
  frame.trace('last', records, true);
  return f64[(records + AT.entropy) >>> 3];
}

/** @param {number} records @param {number} count */
function read(records, count) {
  /** @type {TraceStage[]} */
  const stages = [];
  for (let i = 0; i < count; i++) {
    const at = records + i * SIZES.record;
    const number = u32[(at + AT.stage) >>> 2];
    const [kept, mass, lowest, entropy] = f64.subarray((at + AT.kept) >>> 3);
    const picks = number < LK.STAGE_TEMPERATURE || number === LK.STAGE_TYPICAL || number === LK.STAGE_XTC;
    const cutoff = picks && kept < stages[i - 1].kept ? null : lowest;
    const name = i === 0 ? 'logits' : (stageName(number) ?? 'draw');
    stages.push({ name, kept, mass: Math.min(mass, 1), cutoff, entropy });
  }
  return stages;
}
