/** Rows in logitkit's own memory. */

/**
 * Copies of the rows in memory that logitkit allocates. Whenever that memory grows, for one of these or for a
 * sampler's history, all arrays over it are detached: `view` gives a fresh one then.
 *
 * @template {Float32Array | Uint16Array} T
 * @param {any} lk
 * @param {T[]} rows
 */
export function residentRows(lk, rows) {
  const Kind = /** @type {any} */ (rows[0].constructor);
  const floats = Math.ceil((rows[0].length * Kind.BYTES_PER_ELEMENT) / 4);
  const places = [];
  const offsets = [];
  for (const _ of rows) {
    const place = lk.alloc(floats);
    places.push(place);
    offsets.push(place.byteOffset);
  }

  /** @type {T[]} */
  let views = [];
  const refresh = () => {
    const probe = lk.alloc(1);
    views = offsets.map((offset, i) => new Kind(probe.buffer, offset, rows[i].length));
    lk.free(probe);
  };
  refresh();
  const view = (i) => {
    if (views[i].length === 0) refresh();
    return views[i];
  };
  const restore = () => {
    for (let i = 0; i < rows.length; i++) view(i).set(rows[i]);
  };
  restore();
  const dispose = () => {
    for (const place of places) lk.free(place);
  };
  return { view, restore, dispose };
}
