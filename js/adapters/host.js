/** What the adapters share: the entry `logitkit` is their only import, so that one instance serves all. */
import { show } from '../check.js';
import { OPTIONS, Sampler } from '../index.js';

/**
 * What a host gave that the adapter does not know.
 * @param {string} host with the version that the adapter was tested with: 'transformers.js 4.3.1'
 * @param {string} expected
 * @param {string} got
 */
export function unknown(host, expected, got) {
  return new TypeError(`${host}: expected ${expected}, got ${got}`);
}

/**
 * Options of an adapter must be an object.
 * @template T
 * @param {string} where
 * @param {T} options
 * @returns {T}
 */
export function checkObject(where, options) {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
  throw new TypeError(`${where}: options must be an object, got ${show(options)}`);
}

/**
 * Throws for names that no Sampler knows, before the first row tells the vocabulary that values are checked against.
 * @param {object} options
 */
export function checkKnown(options) {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) new Sampler(1, /** @type {any} */ ({ [name]: value }));
  }
}

/**
 * Back to position 0 and an empty history, under the same seed, or under a fresh one where none was asked for.
 * @param {Sampler} sampler
 * @param {{ seed?: number | bigint }} options of the user
 */
export function restart(sampler, { seed }) {
  if (seed === undefined) {
    const other = new Sampler(1);
    sampler.configure({ seed: other.seed });
    other.dispose();
  }
  sampler.reset();
}

/**
 * `accept` of what a host says: what is no token of the vocabulary names the host.
 * @param {string} host
 * @param {Sampler} sampler
 * @param {any} tokens
 * @param {{ prompt?: boolean }} [options]
 */
export function learn(host, sampler, tokens, options) {
  try {
    sampler.accept(tokens, options);
  } catch (cause) {
    const Kind = cause instanceof RangeError ? RangeError : TypeError;
    throw new Kind(`${host}: ${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/**
 * One token per row: all rows draw, or none does.
 * @param {any} x rows of logits, one behind the other
 * @param {Sampler[]} samplers
 * @param {object} [options] of `sample`
 * @returns {Int32Array}
 */
export function drawRows(x, samplers, options) {
  if (samplers.length === 1) return Int32Array.of(samplers[0].sample(x, options));
  // Of the library that the samplers are from, which may be logitkit/js.
  return /** @type {typeof Sampler} */ (samplers[0].constructor).sampleBatch(x, samplers, options);
}
