import { chain } from './chain.js';
import { drawer } from './draw.js';
import { uniform } from './uniform.js';

/** The purposes of its random numbers. A test reuses some, to see that it would be noticed. */
export const PURPOSES = { accept: 2, residual: 3 };

/**
 * Speculative sampling as the papers have it: Leviathan et al. 2023, algorithm 1. Laws by the oracle's chain.
 *
 * @param {object} given
 * @param {number[]} given.draft
 * @param {ArrayLike<number>[] | null} given.qs
 * @param {ArrayLike<number>[]} given.rows
 * @param {Record<string, any>} given.options
 * @param {number[]} [given.history] all of it output
 * @param {{ seed: number | bigint, position: number }} given.address
 * @param {{ accept: number, residual: number }} [given.purposes]
 * @returns {{ tokens: number[], accepted: number, near: number }}
 */
export function verify({ draft, qs, rows, options, history = [], address, purposes = PURPOSES }) {
  const tokens = [];
  let near = Number.POSITIVE_INFINITY;
  const less = (a, b) => {
    near = Math.min(near, Math.abs(a - b));
    return a < b;
  };
  for (const [i, token] of draft.entries()) {
    const place = { ...address, position: address.position + i };
    const known = [...history, ...tokens];
    const context = { history: known, outputs: known.map(() => true), position: place.position };
    const { survivors, probs, margin } = chain(rows[i], options, context);
    near = Math.min(near, margin);
    const total = qs ? Array.from(qs[i]).reduce((a, b) => a + b, 0) : 1;
    const q = (id) => (qs ? qs[i][id] / total : Number(id === token));
    const at = survivors.findIndex(({ id }) => id === token);
    const p = at < 0 ? 0 : probs[at];
    if (less(uniform({ ...place, purpose: purposes.accept }, 0) * q(token), p)) {
      tokens.push(token);
      continue;
    }
    let rest = survivors.map(({ id }, j) => Math.max(0, probs[j] - q(id)));
    if (rest.every((w) => w === 0)) rest = probs;
    let v = uniform({ ...place, purpose: purposes.residual }, 0) * rest.reduce((a, b) => a + b, 0);
    let j = 0;
    while (j < rest.length - 1 && !less(v, rest[j])) v -= rest[j++];
    return { tokens: [...tokens, survivors[j].id], accepted: i, near };
  }
  const known = [...history, ...tokens];
  const place = { ...address, position: address.position + draft.length };
  const context = { history: known, outputs: known.map(() => true), position: place.position };
  const last = drawer(rows[draft.length], options, context)(place);
  return { tokens: [...tokens, last.token], accepted: draft.length, near: Math.min(near, last.near) };
}
