/** `sampler.last`: what there is to say about the last call, worked out when it is asked for. */
import { finalOf, rawOf } from './logprobs.js';
import { atLast } from './look.js';
import { entropyOf } from './trace.js';

/**
 * About the last call. Probabilities are worked out when they are first read, which takes the row: once it was replaced,
 * reading what was not read before throws a TypeError; so do `finalLogprob` and `kept` once the options were changed.
 * @typedef {object} Last
 * @property {number} token
 * @property {number} position that it was drawn for
 * @property {number} logprob ln of its probability by the model's logits alone: before any stage, at temperature 1
 * @property {number} rank its place by them: 1 is the likeliest, among equals the lowest id first
 * @property {number} entropy of all that the model said, nats
 * @property {number} surprisal -logprob: nats; on average it is the entropy where nothing but the model's law is drawn from
 * @property {number} finalLogprob ln of the probability that it was drawn with
 * @property {number} kept how many tokens could be drawn
 * @property {import('./logprobs.js').Logprobs | null} top with the option `logprobs`: so many of the model's likeliest; null
 *   without
 */

/**
 * @param {import('./look.js').Parts} parts
 * @returns {Last | null}
 */
export function lastOf(parts) {
  if (parts.token < 0) return null;
  parts.shown ??= describe(parts);
  return parts.shown;
}

/** @param {import('./look.js').Parts} parts @returns {Last} */
function describe(parts) {
  const { frame, token, position, calls } = parts;
  const { raw } = parts.last;
  /** @template T @param {string} name @param {boolean} chain @param {() => T} look */
  const once = (name, chain, look) => {
    /** @type {T | undefined} */
    let known;
    return () => {
      known ??= atLast(`last.${name}`, parts, calls, chain, look);
      return known;
    };
  };
  const model = raw ? () => raw : once('logprob', false, () => rawOf('last', frame, 0, [token]));
  const law = once('finalLogprob', true, () => finalOf('last', frame, 0, [token]));
  const entropy = once('entropy', false, () => entropyOf(frame));
  const listed = raw ? raw.ids.length - 1 : 0;
  const top = raw && {
    ids: raw.ids.subarray(0, listed),
    logprobs: raw.logprobs.subarray(0, listed),
    ranks: raw.ranks.subarray(0, listed),
  };
  return Object.freeze({
    token,
    position,
    get logprob() {
      return model().logprobs[listed];
    },
    get rank() {
      return model().ranks[listed];
    },
    get entropy() {
      return entropy();
    },
    get surprisal() {
      return -model().logprobs[listed];
    },
    get finalLogprob() {
      return law().logprobs[0];
    },
    get kept() {
      return law().kept;
    },
    top,
  });
}
