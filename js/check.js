/** Checks of arguments. Every message names the thing, what it may be, and what was given. */

/**
 * An interval of numbers. Closed, unless a bound is marked open; an infinite bound that is closed is allowed itself.
 * @typedef {{ readonly min: number, readonly max: number, readonly minOpen?: boolean, readonly maxOpen?: boolean,
 *   readonly integer?: boolean }} Interval
 */

/** Bounds that stand for "finite" and for "any integer". Literals, so that bundlers can tell that they do nothing. */
export const LOWEST = -1.7976931348623157e308;
export const HIGHEST = 1.7976931348623157e308;
export const MOST = 9007199254740991;

/** Bounds that stand for "above 0" and for "below 1". */
export const ABOVE_0 = 5e-324;
export const BELOW_1 = 0.9999999999999999;

/** The largest float32. */
export const LARGEST = 3.4028234663852886e38;

const LONGEST = 40;

/**
 * A value as a message shows it.
 * @param {unknown} value
 * @returns {string}
 */
export function show(value) {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
  }
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const name = ArrayBuffer.isView(value) ? tagOf(value) : (value.constructor?.name ?? 'object');
  const length = Array.isArray(value) || ArrayBuffer.isView(value) ? Reflect.get(value, 'length') : undefined;
  return length === undefined ? name : `${name}(${length})`;
}

/**
 * What kind of array this is, by its tag: unlike `instanceof` that holds for arrays of other frames and contexts too.
 * @param {unknown} value
 * @returns {string} 'Float32Array' and so on, 'Array', or '' for anything else
 */
export function tagOf(value) {
  if (ArrayBuffer.isView(value)) return /** @type {any} */ (value)[Symbol.toStringTag] ?? '';
  return Array.isArray(value) ? 'Array' : '';
}

/**
 * Whether a typed array has lost its memory: it was transferred, or it lay in WebAssembly memory that has grown.
 * @param {ArrayBufferView} view
 */
export function isDetached(view) {
  if (view.byteLength > 0) return false;
  try {
    new Uint8Array(view.buffer);
    return false;
  } catch {
    return true;
  }
}

/** @param {Interval} interval */
function describe({ min, max, minOpen, maxOpen, integer }) {
  const finite = min === LOWEST || max === HIGHEST;
  const noun = integer ? 'an integer' : finite ? 'a finite number' : 'a number';
  const low = min === -Infinity || min === LOWEST;
  const high = max === Infinity || max === HIGHEST || max === MOST;
  if (low && high) return finite || integer ? noun : `${noun} other than NaN`;
  if (high) return `${noun} ${minOpen ? '>' : '>='} ${min}`;
  return `${noun} in ${minOpen ? '(' : '['}${min}, ${max}${maxOpen ? ')' : ']'}`;
}

/**
 * @param {string} what names the thing: 'Sampler: topK'
 * @param {unknown} value
 * @param {Interval} interval
 * @returns {number} the value
 */
export function checkNumber(what, value, interval) {
  if (typeof value !== 'number') {
    throw new TypeError(`${what} must be ${describe(interval)}, got ${show(value)}`);
  }
  const { min, max, minOpen, maxOpen, integer } = interval;
  const low = minOpen ? value > min : value >= min;
  const high = maxOpen ? value < max : value <= max;
  if (!low || !high || (integer && !Number.isInteger(value))) {
    throw new RangeError(`${what} must be ${describe(interval)}, got ${show(value)}`);
  }
  return value;
}

/**
 * @param {string} what
 * @param {unknown} value
 * @param {readonly string[]} values
 */
export function checkChoice(what, value, values) {
  const message = `${what} must be one of ${values.map(show).join(', ')}, got ${show(value)}`;
  if (typeof value !== 'string') throw new TypeError(message);
  if (!values.includes(value)) throw new RangeError(message);
  return value;
}

/**
 * @param {string} what
 * @param {unknown} value
 * @returns {boolean}
 */
export function checkBoolean(what, value) {
  if (typeof value !== 'boolean') throw new TypeError(`${what} must be true or false, got ${show(value)}`);
  return value;
}

/**
 * Options must be an object with known names only.
 * @param {string} where the function, as messages name it
 * @param {unknown} options
 * @param {readonly string[]} known
 */
export function checkNames(where, options, known) {
  if (
    typeof options !== 'object' ||
    options === null ||
    Array.isArray(options) ||
    ArrayBuffer.isView(options)
  ) {
    throw new TypeError(`${where}: options must be an object, got ${show(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near
      ? `; did you mean ${near}?`
      : `; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
    throw new TypeError(`${where}: unknown option ${show(name)}${hint}`);
  }
}

/** @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The known name that was probably meant: spelled another way (top_k), or with a slip or two.
 * @param {string} name
 * @param {readonly string[]} known
 */
export function nearest(name, known) {
  const meant = plain(name);
  let best = '';
  let least = meant.length > 5 ? 3 : 2;
  for (const candidate of known) {
    const slips = distance(meant, plain(candidate));
    if (slips < least) {
      least = slips;
      best = candidate;
    }
  }
  return best;
}

/**
 * Levenshtein's distance: the fewest insertions, deletions and replacements that lead from a to b.
 * @param {string} a
 * @param {string} b
 */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
