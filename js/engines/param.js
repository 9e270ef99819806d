/**
 * What a file of this folder says about one engine, and what several of them share.
 *
 * @typedef {import('../options.js').SamplerOptions} SamplerOptions
 * @typedef {import('../options.js').Settings} Settings
 *
 * One parameter of an engine that is one option of ours.
 * @typedef {object} Param
 * @property {string} name the engine's
 * @property {string} option ours
 * @property {number} [min] what the engine accepts; where absent, what the option does
 * @property {number} [max]
 * @property {readonly number[]} [off] values that switch it off there; the first is written where ours is neutral and the engine's default is not
 * @property {unknown} [fallback] ours where the engine is given nothing, if the preset does not say it
 * @property {(value: any) => unknown} [read] from the engine's value to ours
 * @property {(value: any, refuse: Refuse) => unknown} [write] from ours to the engine's; undefined: nothing is left to write
 *
 * @typedef {(value: unknown, why: string) => void} Refuse names a part that cannot be expressed
 *
 * What cannot be expressed: an option of ours in `toEngine`, a parameter of the engine in `fromEngine`.
 * @typedef {object} Unsupported
 * @property {string} name
 * @property {unknown} value
 * @property {string} why
 *
 * @typedef {object} Description
 * @property {string} title
 * @property {SamplerOptions} preset what it does when it is told nothing: only what is not neutral
 * @property {readonly Param[]} [params]
 * @property {readonly string[]} [handled] options and parameters that `to` and `from` look after
 * @property {Readonly<Record<string, string>>} [others] parameters without an option of ours, and why
 * @property {Readonly<Record<string, string>>} [lacks] options without a parameter of theirs, and why
 * @property {(params: Record<string, any>, settings: Settings, unsupported: Unsupported[]) => void} [to]
 * @property {(options: Record<string, any>, params: Record<string, any>, unsupported: Unsupported[]) => void} [from]
 */
import { checkNumber, show } from '../check.js';

/** Why a parameter has no option of ours. */
export const LENGTH = 'not about which token comes next: it ends the sequence';
export const HOST = 'not about which token comes next';
export const SEARCH = 'beam and contrastive search are outside logitkit';
export const GRAMMAR = 'bring its bitmask: sampler.mask';
export const TEXT = 'is text, which takes a tokenizer; options here are token ids';

/**
 * A table of reasons out of lists of names.
 * @param {readonly (readonly [string, string])[]} lists names, separated by spaces, and their reason
 * @returns {Record<string, string>}
 */
export function reasons(lists) {
  return Object.fromEntries(lists.flatMap(([names, why]) => names.split(' ').map((name) => [name, why])));
}

/**
 * Biases as an object with ids for keys, where the engine takes them in [-100, 100] only.
 * @param {string} title
 * @returns {Pick<Param, 'write'>}
 */
export function boundedBias(title) {
  return {
    write(bias, refuse) {
      const inside = [...bias].filter(([, b]) => b >= -100 && b <= 100);
      for (const [id, b] of bias)
        if (!(b >= -100 && b <= 100)) refuse({ [id]: b }, `${title} takes -100 to 100`);
      return inside.length > 0 ? Object.fromEntries(inside) : undefined;
    },
  };
}

/** Tokens as a plain list. */
export const list = {
  write: (/** @type {Iterable<number>} */ tokens) => [...tokens],
};

/** A seed of the engine's own generator; the tokens it gives are not ours. @param {number} max @param {string} title */
export const seed = (max, title) => ({
  name: 'seed',
  option: 'seed',
  /** @param {number | bigint} value @param {Refuse} refuse */
  write(value, refuse) {
    if (value <= max) return Number(value);
    refuse(value, `${title} takes 0 to ${max}`);
    return undefined;
  },
});

/**
 * What Hugging Face's two libraries share: greedy by `do_sample`, bans that are biases of ours.
 * @param {Record<string, any>} params
 * @param {Settings} settings
 * @param {boolean} greedy
 */
export function writeSampling(params, settings, greedy) {
  params.do_sample = !greedy;
  if (greedy) delete params.temperature;
  const bias = /** @type {ReadonlyMap<number, number>} */ (settings.logitBias ?? new Map());
  const banned = [...bias].filter(([, b]) => b === -Infinity).map(([id]) => id);
  if (banned.length > 0) params.suppress_tokens = [...(params.suppress_tokens ?? []), ...banned];
  return [...bias].filter(([, b]) => b !== -Infinity);
}

/**
 * @param {Record<string, any>} options
 * @param {Record<string, any>} params
 */
export function readSampling(options, params) {
  const sample = params.do_sample ?? false;
  if (typeof sample !== 'boolean')
    throw new TypeError(`fromEngine: do_sample must be true or false, got ${show(sample)}`);
  if (!sample) options.temperature = 0;
}

/** `eos_token_id` and the like: one token or several. */
export const oneOrMore = {
  /** @param {unknown} value */
  read: (value) => (typeof value === 'number' ? [value] : value),
  write: (/** @type {Iterable<number>} */ tokens) => [...tokens],
};

/** `exponential_decay_length_penalty`: from how many new tokens on, and by which factor for each of them. */
export const lengthPenalty = {
  /** @param {unknown} value */
  read(value) {
    if (!Array.isArray(value) || value.length !== 2) {
      throw new TypeError(
        `fromEngine: exponential_decay_length_penalty must be a start and a factor, got ${show(value)}`,
      );
    }
    const [start, factor] = value;
    checkNumber('fromEngine: exponential_decay_length_penalty[0]', start, {
      min: 0,
      max: 2 ** 53,
      integer: true,
    });
    return { start, factor };
  },
  write: (/** @type {{ start: number, factor: number }} */ { start, factor }) => [start, factor],
};
