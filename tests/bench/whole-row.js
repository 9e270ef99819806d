/** logitkit's functions from a row to a row: into an array of the caller's, into a new one, in place. */
import { residentRows } from './resident.js';

/**
 * @param {any} lk
 * @param {import('./rows.js').Data} data
 * @param {(x: Float32Array, options: object) => Float32Array} compute
 * @param {object} options
 */
export function rowImplementations(lk, { n, rows, pool }, compute, options) {
  const turns = Array.from({ length: pool }, (_, i) => rows[i % rows.length]);
  const { view, restore, dispose } = residentRows(lk, turns);
  const outside = { ...options, out: new Float32Array(n) };
  const inPlace = turns.map((_, i) => ({ ...options, out: view(i) }));
  return {
    list: [
      { where: 'heap', dtype: 'f32', run: (i) => compute(rows[i], outside) },
      { where: 'heap', dtype: 'f32', variant: 'new array', run: (i) => compute(rows[i], options) },
      {
        where: 'resident',
        dtype: 'f32',
        pool,
        prepare: restore,
        run: (i) => compute(inPlace[i].out, inPlace[i]),
      },
    ],
    dispose,
  };
}
