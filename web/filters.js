/**
 * The filters of a chain that look at one row alone, each with the value it has in the figure of all: what is usual, or
 * what its paper tries. The values stand for nothing else; the page's chain starts empty.
 *
 * @typedef {object} Filter
 * @property {string} title
 * @property {number} initial
 * @property {[number, number]} range of its slider
 * @property {number} step of its slider; with `log` in powers of ten
 * @property {boolean} [log]
 */

const TABLE = {
  topK: { title: 'top-k', initial: 40, range: [1, 100000], step: 0.02, log: true },
  topP: { title: 'top-p', initial: 0.95, range: [0, 1], step: 0.01 },
  minP: { title: 'min-p', initial: 0.05, range: [0.0001, 1], step: 0.05, log: true },
  topNSigma: { title: 'top-nσ', initial: 1, range: [0.1, 10], step: 0.1 },
  epsilonCutoff: {
    title: 'epsilon',

    initial: 0.0003,
    range: [0.000001, 0.1],
    step: 0.05,
    log: true,
  },
  etaCutoff: {
    title: 'eta',

    initial: 0.002,
    range: [0.000001, 0.1],
    step: 0.05,
    log: true,
  },
  topA: { title: 'top-a', initial: 0.2, range: [0.001, 1], step: 0.05, log: true },
  tailFree: { title: 'tail-free', initial: 0.95, range: [0, 1], step: 0.01 },
  topH: { title: 'top-H', initial: 0.4, range: [0.01, 1], step: 0.01 },
  firstTokenCutoff: {
    title: 'first token',

    initial: 0.7,
    range: [0, 1],
    step: 0.01,
  },
  pLess: { title: 'p-less', initial: 1, range: [1, 1], step: 1 },
  typicalP: { title: 'typical', initial: 0.9, range: [0.01, 1], step: 0.01 },
};

/** @typedef {keyof typeof TABLE} FilterName */

export const FILTERS = /** @type {Record<FilterName, Filter>} */ (TABLE);

export const FILTER_NAMES = /** @type {[FilterName, ...FilterName[]]} */ (Object.keys(FILTERS));

/** The option of a Sampler: p-less has no number. @param {string} name @param {number} value */
export const settingOf = (name, value) => (name === 'pLess' ? true : value);
