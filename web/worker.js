/** Work over whole vocabularies, away from the thread that answers the reader: `ask.js` sends it here. */
import { JOBS } from './jobs/list.js';

/** @type {any} */
const worker = globalThis;

worker.addEventListener('message', (/** @type {MessageEvent} */ { data: { id, job, input } }) => {
  const run = /** @type {Record<string, (input: any) => unknown>} */ (JOBS)[job];
  worker.postMessage({ id, result: run(input) });
});
