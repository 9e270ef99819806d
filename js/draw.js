/** What every call that gives a token has in common: first all that can fail, then what lets it be the last call. */
import { rawOf } from './logprobs.js';

/**
 * @typedef {import('./sequence.js').Parts} Parts
 * @typedef {import('./sequence.js').Mask} Mask
 */

/**
 * Draws from a checked row. Whether it fails or not, nobody can tell afterwards.
 * @param {string} where
 * @param {Parts} parts
 * @param {number} row address, 0 for the sampler's own
 * @param {number} format of that row
 * @param {Mask | null} mask
 * @param {boolean} record whether the token is going to be recorded
 * @param {number} [number] which row of x it is, where x has several
 * @returns {number} the token
 */
export function draw(where, parts, row, format, mask, record, number) {
  const { frame, plan } = parts;
  frame.aim(row, format, mask);
  const token = frame.sample(where, number);
  const { logprobs } = plan.settings;
  parts.raw = logprobs > 0 ? rawOf(where, frame, logprobs, [token]) : null;
  if (record) frame.makeRoom();
  return token;
}

/**
 * Lets the call that `draw` was be the last one. Cannot fail: for a copied row `take` or `reserve` came before.
 * @param {Parts} parts
 * @param {number} token
 * @param {number} row
 * @param {number} format
 * @param {Mask | null} mask
 * @param {boolean} record
 */
export function keep(parts, token, row, format, mask, record) {
  const { frame, last } = parts;
  parts.token = token;
  parts.position = frame.history.position;
  if (record) frame.record(token);
  const copied = row !== 0 && row === frame.spare;
  if (copied) frame.adopt(format);
  parts.calls++;
  parts.shown = null;
  last.row = copied ? 0 : row;
  last.format = format;
  last.mask = mask;
  last.plan = parts.plan;
  last.recorded = record;
  last.raw = parts.raw;
  return token;
}
