import { readFileSync } from 'node:fs';
import { chain } from '../oracle/chain.js';

/** Little-endian float32 or float64 values out of base64. */
export function decode(base64, Kind = Float32Array) {
  const bytes = Buffer.from(base64, 'base64');
  return new Kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** A file of tests/golden/, its rows decoded. */
export function golden(name) {
  const data = JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8'));
  const rows = Object.fromEntries(Object.entries(data.rows).map(([key, text]) => [key, decode(text)]));
  return { ...data, rows };
}

/** How far an engine that sums in float32 may see a threshold from where it is. */
const FLOAT32 = 2e-6;

/** Options whose value is compared with a sum or a product of many float32 numbers. */
const THRESHOLDS = ['topP', 'minP', 'typicalP', 'topNSigma', 'xtcThreshold'];

/**
 * What a case may rightly keep: the set itself first, then those that a threshold moved by what float32 cannot tell
 * would give.
 *
 * @returns {{ ids: number[], probs: number[] }[]}
 */
export function neighbours(row, options, context) {
  let moved = [options];
  for (const name of THRESHOLDS) {
    const value = options[name];
    if (value === undefined) continue;
    const near = [value, value * (1 - FLOAT32), value * (1 + FLOAT32)];
    moved = moved.flatMap((one) =>
      near.map((v) => ({ ...one, [name]: name === 'topNSigma' ? v : Math.min(1, v) })),
    );
  }
  return moved.map((one) => {
    const { survivors, probs } = chain(row, one, context);
    return { ids: survivors.map(({ id }) => id), probs };
  });
}

/** A kept set in the two numbers that the golden data has of it. */
export function summary(ids) {
  return { kept: ids.length, sumIds: ids.reduce((a, b) => a + b, 0) };
}

/** Whether a cut fell between equal logits, so that an engine may keep another id of the same logit. */
export function cutsTie(row, ids) {
  if (ids.length === 0 || ids.length === row.length) return false;
  const inside = new Set(ids);
  const last = Math.min(...ids.map((id) => row[id]));
  return row.some((x, id) => x === last && !inside.has(id));
}
