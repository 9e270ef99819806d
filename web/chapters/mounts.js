/**
 * What moves in each chapter, by its id: `mount` prepares the section of the page and returns what draws a state in it.
 * @typedef {(section: HTMLElement, store: import('../state.js').Store) => (state: import('../state.js').State) => void} Mount
 */
import { mount as attention } from './attention.js';
import { mount as base } from './base.js';
import { mount as boltzmann } from './boltzmann.js';
import { mount as draw } from './draw.js';
import { mount as exponential } from './exponential.js';
import { mount as invariances } from './invariances.js';
import { mount as loss } from './loss.js';
import { mount as maxent } from './maxent.js';
import { mount as order } from './order.js';
import { mount as scores } from './scores.js';
import { mount as sparse } from './sparse.js';
import { mount as speculative } from './speculative.js';
import { mount as speed } from './speed.js';
import { mount as temperature } from './temperature.js';
import { mount as truncation } from './truncation.js';

/** @type {Record<string, Mount>} */
export const MOUNTS = {
  scores,
  exponential,
  base,
  temperature,
  boltzmann,
  maxent,
  invariances,
  loss,
  sparse,
  attention,
  truncation,
  order,
  draw,
  speculative,
  speed,
};
