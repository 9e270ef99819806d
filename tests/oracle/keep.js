/**
 * Keeps the survivors that clear a bound, and no fewer than minKeep. What is as likely as the likeliest clears every
 * bound. Notes how near the nearest decision was.
 *
 * @param {import('./chain.js').State} state
 * @param {Record<string, any>} options
 * @param {number[]} logs of the survivors, relative to the likeliest
 * @param {(log: number) => number} excess by how much such a log clears the bound: at least 0 when it is in
 */
export function keep(state, { minKeep = 1 }, logs, excess) {
  state.survivors = state.survivors.filter((_, rank) => {
    if (rank < minKeep || logs[rank] === 0) return true;
    const by = excess(logs[rank]);
    state.margin = Math.min(state.margin, Math.abs(by));
    return by >= 0;
  });
}

/**
 * Keeps the first `count` survivors, and no fewer than minKeep.
 *
 * @param {import('./chain.js').State} state
 * @param {Record<string, any>} options
 * @param {number} count
 */
export function keepFirst(state, { minKeep = 1 }, count) {
  state.survivors = state.survivors.slice(0, Math.max(count, minKeep));
}
