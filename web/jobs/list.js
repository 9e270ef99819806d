/** What the worker can be asked for, by name. */
import { order } from './order.js';
import { speed } from './speed.js';
import { truncation } from './truncation.js';

export const JOBS = { order, speed, truncation };

/** @typedef {typeof JOBS} Jobs */
