/** Bytes of JavaScript heap that a call leaves behind, where the engine lets us ask (Node with --expose-gc). */
import { spread } from './measure.js';
import { ROWS } from './rows.js';

/** So many calls a turn, or as many as this time allows; few enough that no collection falls between. */
const CALLS = 1000;
const TURN_US = 60000;
/** The first calls after a collection pay for what the engine rebuilds: the median of some turns does not. */
const TURNS = 3;

/** @returns {((run: (i: number) => unknown, us: number) => number) | undefined} us: what a call takes */
export function heapMeter() {
  const { gc } = globalThis;
  if (typeof gc !== 'function' || process.versions.bun || process.versions.deno) return undefined;
  const used = () => process.memoryUsage().heapUsed;
  return (run, us) => {
    const calls = Math.max(ROWS, Math.min(CALLS, Math.floor(TURN_US / us)));
    const turns = new Float64Array(TURNS);
    for (let turn = 0; turn < TURNS; turn++) {
      gc();
      const idle = used();
      const cost = used() - idle;
      const before = used();
      for (let i = 0; i < calls; i++) run(i & (ROWS - 1));
      turns[turn] = Math.max(0, used() - before - cost) / calls;
    }
    return spread(turns).median;
  };
}
