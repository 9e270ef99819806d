/** A second sampler that begins where another one stands. */
import { Biases } from './biases.js';
import { checkNames } from './check.js';
import { Frame } from './frame.js';
import { attach, Parts } from './sequence.js';

const FORK = ['stream'];

/**
 * @template {import('./sequence.js').Sequence} S
 * @param {S} sampler
 * @param {Parts} parts its parts
 * @param {{ stream?: number }} [options]
 * @returns {S}
 */
export function fork(sampler, parts, options) {
  const frame = parts.alive('fork');
  if (options !== undefined) checkNames('fork', options, FORK);
  const stream = frame.family.pick('fork: stream', options?.stream);
  const { plan } = parts;
  const { logitBias, sequenceBias } = plan.settings;
  // What follows a history is one sampler's alone.
  const biases = plan.biases.sequences ? new Biases(logitBias, sequenceBias) : plan.biases;
  const twin = new Parts(configured(frame, { ...plan, biases }), { ...plan, biases });
  twin.frame.stream = stream;
  twin.mask = parts.mask;
  frame.family.use(stream);
  return attach(Object.create(Object.getPrototypeOf(sampler)), twin);
}

/** @param {Frame} from @param {import('./settings.js').Plan} plan */
function configured(from, plan) {
  const frame = new Frame(from.n, plan.settings.maxHistory, from);
  try {
    frame.configure('fork', plan, from);
  } catch (error) {
    frame.dispose();
    throw error;
  }
  return frame;
}
