/** One cell: an operation on rows of one size and shape, by everyone who can do it. */
import { check } from './checks.js';
import { checkFloors, floors } from './floor.js';
import { measure, ratios, spread } from './measure.js';
import { target, VOCABULARY } from './targets.js';

const OURS = 'logitkit';

const named = (peer, implementation) => {
  const { where = 'heap', dtype = 'f32', variant } = implementation;
  const name = [peer, where === 'heap' ? '' : where, dtype === 'f32' ? '' : dtype, variant]
    .filter(Boolean)
    .join(' ');
  return { ...implementation, peer, where, dtype, name };
};

/** Everyone's implementations, and what to do when the cell is over. */
async function gather(operation, data, hosts) {
  const list = [];
  const disposers = [];
  let reseed;
  for (const [peer, host] of Object.entries(hosts)) {
    const made = await operation[host.kind]?.(host, data);
    if (!made) continue;
    if (peer === OURS) reseed = made.reseed;
    for (const implementation of made.list ?? [made]) list.push(named(peer, implementation));
    if (made.dispose) disposers.push(made.dispose);
  }
  return { list, reseed, dispose: () => disposers.forEach((dispose) => void dispose()) };
}

/** Those whose answers are right, with their errors; and the others, with the reason. */
async function keepRight(operation, data, { list, reseed }, settings) {
  const expected = operation.kind === 'draw' ? operation.laws(data) : operation.answers(data);
  const right = [];
  const failures = [];
  for (const implementation of list) {
    const ours = implementation.peer === OURS;
    try {
      const { checkMs: ms, checkDraws: most } = settings;
      const errors = await check(operation, implementation, expected, {
        ms,
        most,
        reseed: ours ? reseed : undefined,
      });
      right.push({ ...implementation, errors });
    } catch (error) {
      failures.push({
        name: implementation.name,
        peer: implementation.peer,
        reason: String(error?.message ?? error),
      });
    }
  }
  return { right, failures };
}

/** The fastest form of each floor, by its median in this cell. */
function chooseFloors(list, times, n) {
  const best = {};
  for (const { name, floor } of list) {
    const us = times.get(name);
    const { median, p10, p90 } = spread(us);
    if (best[floor] === undefined || median < best[floor].median) {
      best[floor] = { form: name, median, p10, p90, gbs: (4 * n) / median / 1000, us };
    }
  }
  return best;
}

const without = ({ us, ...rest }) => rest;

/**
 * @param {any} operation
 * @param {import('./rows.js').Data} data
 * @param {Record<string, any>} hosts     logitkit and peers by name, each with the `kind` operations know
 * @param {any} settings
 */
export async function runCell(operation, data, hosts, settings) {
  const floorList = floors(data);
  checkFloors(floorList, data);
  const gathered = await gather(operation, data, hosts);
  try {
    const { right, failures } = await keepRight(operation, data, gathered, settings);
    const times = await measure([...floorList, ...right], settings);
    const best = chooseFloors(floorList, times, data.n);
    const cell = { operation: operation.operation, title: operation.title, set: data.set, n: data.n };
    return {
      ...cell,
      floors: Object.fromEntries(Object.entries(best).map(([name, floor]) => [name, without(floor)])),
      implementations: right.map((implementation) => {
        const { name, peer, where, dtype, variant, note, errors, run } = implementation;
        const us = times.get(name);
        const time = spread(us);
        return {
          name,
          peer,
          where,
          dtype,
          note,
          errors,
          us: time,
          ratio: ratios(us, best[where].us),
          target: peer === OURS && !variant ? target(cell, { where, dtype }) : undefined,
          heapBytes:
            peer === OURS && data.n === VOCABULARY ? settings.heapBytes?.(run, time.median) : undefined,
        };
      }),
      failures,
    };
  } finally {
    gathered.dispose();
  }
}
