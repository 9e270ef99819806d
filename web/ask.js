/** Asks the worker. It is started by the first question. */
import { find } from './dom.js';
import { scriptUrl } from './trusted.js';

/** @typedef {import('./jobs/list.js').Jobs} Jobs */

/** @type {Worker | undefined} */
let worker;
let asked = 0;
/** @type {Map<number, (result: any) => void>} */
const answers = new Map();

function start() {
  worker = new Worker(scriptUrl('worker.js'), { type: 'module', name: 'logitkit' });
  worker.addEventListener('message', ({ data: { id, result } }) => {
    const answer = answers.get(id);
    answers.delete(id);
    answer?.(result);
  });
  return worker;
}

/**
 * @template {keyof Jobs} J
 * @param {J} job @param {Parameters<Jobs[J]>[0]} input
 * @returns {Promise<ReturnType<Jobs[J]>>}
 */
function send(job, input) {
  const id = ++asked;
  return new Promise((resolve) => {
    answers.set(id, resolve);
    (worker ?? start()).postMessage({ id, job, input });
  });
}

/** The answer may come after the page has spoken about the change. @param {HTMLElement} section */
function speak(section) {
  const text = section.querySelector('[data-reading]')?.textContent;
  if (text) find(document, '#live').textContent = text;
}

/**
 * A line to one job. While it works, only the newest question waits: whoever drags a slider sees as many answers as the
 * worker can give, the last one always. Meanwhile the section is marked as busy.
 *
 * @template {keyof Jobs} J
 * @param {HTMLElement} section @param {J} job @param {(result: ReturnType<Jobs[J]>) => void} show
 * @returns {(input: Parameters<Jobs[J]>[0]) => void}
 */
export function asker(section, job, show) {
  let busy = false;
  /** @type {Parameters<Jobs[J]>[0] | undefined} */
  let next;

  /** @param {Parameters<Jobs[J]>[0]} input */
  async function work(input) {
    busy = true;
    section.dataset.busy = job;
    show(await send(job, input));
    busy = false;
    delete section.dataset.busy;
    const waiting = next;
    next = undefined;
    if (waiting !== undefined) work(waiting);
    else if (section.contains(document.activeElement)) speak(section);
  }

  return (input) => {
    if (busy) next = input;
    else work(input);
  };
}
