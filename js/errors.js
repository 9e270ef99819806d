/**
 * What the library throws besides `TypeError` (the wrong kind of thing) and `RangeError` (outside an interval). After
 * any of them history, position, options and row are as they were before the call.
 */

/**
 * The logits themselves cannot be used.
 *
 *   'nan'     some are NaN: `index` is the first, `count` how many
 *   'empty'   there are none
 *   'masked'  nothing is left that could be drawn: all are -Infinity, or were masked or banned
 */
export class LogitsError extends Error {
  /**
   * @param {'nan' | 'empty' | 'masked'} code
   * @param {string} message
   * @param {{ index?: number, count?: number, stage?: string }} [where]
   */
  constructor(code, message, { index = -1, count = 0, stage = '' } = {}) {
    super(message);
    this.name = 'LogitsError';
    /** @type {'nan' | 'empty' | 'masked'} */
    this.code = code;
    /** Position of the first offending logit in the array that was given; -1 where there is none. */
    this.index = index;
    /** How many offend. */
    this.count = count;
    /** With 'masked': the stage of the sampler that left nothing; '' where the logits themselves did. */
    this.stage = stage;
  }
}

/** Saved state that is foreign, damaged or of another version. */
export class StateError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'StateError';
  }
}

/**
 * This host cannot run the library: no WebAssembly, no SIMD, or a policy that forbids compiling. `logitkit/js` needs none
 * of them.
 */
export class UnsupportedError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'UnsupportedError';
  }
}
