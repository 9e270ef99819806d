/**
 * The state of the page, once. Every control reads and writes it, every chapter is drawn from it, and the part of it
 * that differs from the initial state stands in the address, so that any state is a link.
 *
 * The address is `#chapter&v=1&x=1,5,6,3&t=0.8`: an optional chapter, then fields. It is the fragment and not the
 * query, because a fragment is never sent to a server.
 *
 * @typedef {{scores: number[], temperature: number, worked: number, seed: bigint, draws: number}} State
 * @typedef {{chapter: string, state: State, ignored: string[], bare: boolean}} Address
 * `bare`: no field stood there, as after a click on a link to a chapter.
 */

const VERSION = '1';
export const MIN_SCORES = 2;
export const MAX_SCORES = 16;
export const MAX_DRAWS = 100000;
export const MAX_SEED = 2n ** 64n - 1n;

export const EXAMPLES = [
  { name: 'Example A', scores: [1, 5, 6, 3] },
  { name: 'Example B', scores: [-12, 120, -203, 2] },
];

/** @param {string} text @returns {number} NaN unless text is a decimal number (Number() also takes '' and '0x1') */
export function parseNumber(text) {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : Number.NaN;
}

/** @param {string} text @returns {number | undefined} */
export function parseTemperature(text) {
  if (text === 'Infinity') return Infinity;
  const value = parseNumber(text);
  return Number.isNaN(value) ? undefined : value;
}

/** @param {string} text @returns {bigint | undefined} */
export function parseSeed(text) {
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const seed = BigInt(text);
  return seed > MAX_SEED ? undefined : seed;
}

/** @param {number} most @returns {(text: string) => number | undefined} */
function wholeNumber(most) {
  return (text) => (/^\d{1,9}$/.test(text) && Number(text) <= most ? Number(text) : undefined);
}

/** @param {string} text @returns {number[] | undefined} */
function parseScores(text) {
  const scores = text.split(',').map(parseNumber);
  if (scores.length < MIN_SCORES || scores.length > MAX_SCORES || scores.some(Number.isNaN)) return undefined;
  return scores;
}

/**
 * One row per field: its key in the address, its initial value, and what it accepts. `parse` gives undefined for
 * anything else; a value that was parsed is valid everywhere.
 * @type {{name: keyof State, key: string, initial: any, parse: (text: string) => any, expects: string}[]}
 */
export const FIELDS = [
  {
    name: 'scores',
    key: 'x',
    initial: EXAMPLES[0].scores,
    parse: parseScores,
    expects: `${MIN_SCORES} to ${MAX_SCORES} numbers with commas between them`,
  },
  { name: 'temperature', key: 't', initial: 1, parse: parseTemperature, expects: 'a number or Infinity' },
  {
    name: 'worked',
    key: 'i',
    initial: 0,
    parse: wholeNumber(MAX_SCORES - 1),
    expects: `a whole number from 0 to ${MAX_SCORES - 1}`,
  },
  {
    name: 'seed',
    key: 'seed',
    initial: 42n,
    parse: parseSeed,
    expects: `a whole number from 0 to ${MAX_SEED}`,
  },
  {
    name: 'draws',
    key: 'n',
    initial: 0,
    parse: wholeNumber(MAX_DRAWS),
    expects: `a whole number from 0 to ${MAX_DRAWS}`,
  },
];

/** @returns {State} */
export function initialState() {
  return /** @type {State} */ (Object.fromEntries(FIELDS.map(({ name, initial }) => [name, initial])));
}

/** Scores may become fewer than the one that is worked out. @param {State} state @returns {State} */
function settle(state) {
  return { ...state, worked: Math.min(state.worked, state.scores.length - 1) };
}

/** @param {State} state @param {string} chapter @returns {string} '' for the initial state and no chapter */
export function writeAddress(state, chapter) {
  const fields = FIELDS.filter(({ name, initial }) => String(state[name]) !== String(initial));
  const parts = fields.map(({ name, key }) => `${key}=${state[name]}`);
  if (parts.length > 0) parts.unshift(`v=${VERSION}`);
  if (chapter) parts.unshift(chapter);
  return parts.length > 0 ? `#${parts.join('&')}` : '';
}

/** @param {string} text @returns {string} */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * What cannot be read is named in `ignored` and has its initial value; the rest holds.
 * @param {string} hash @param {readonly string[]} chapters @returns {Address}
 */
export function readAddress(hash, chapters) {
  const state = initialState();
  const ignored = [];
  let chapter = '';
  let bare = true;
  for (const part of hash.replace(/^#/, '').split('&').filter(Boolean)) {
    const at = part.indexOf('=');
    const key = decode(at < 0 ? part : part.slice(0, at));
    const text = at < 0 ? '' : decode(part.slice(at + 1));
    if (at < 0 && chapters.includes(key)) {
      chapter = key;
      continue;
    }
    bare = false;
    const field = FIELDS.find((candidate) => candidate.key === key);
    if (key === 'v') {
      if (text !== VERSION) ignored.push(`v=${text} (this page writes version ${VERSION})`);
    } else if (!field) {
      ignored.push(`${key} (unknown)`);
    } else {
      const value = field.parse(text);
      if (value === undefined) ignored.push(`${key}=${text} (expected ${field.expects})`);
      else Object.assign(state, { [field.name]: value });
    }
  }
  return { chapter, state: settle(state), ignored, bare };
}

/**
 * Changes are collected until the next frame, so that a dragged slider draws once per frame.
 * @param {State} first
 */
export function createStore(first) {
  let state = first;
  let waiting = false;
  /** @type {((state: State) => void)[]} */
  const listeners = [];

  function notify() {
    waiting = false;
    for (const listener of listeners) listener(state);
  }

  return {
    get: () => state,
    /** @param {Partial<State>} patch */
    set(patch) {
      state = settle({ ...state, ...patch });
      if (!waiting) requestAnimationFrame(notify);
      waiting = true;
    },
    /** Called now and after every change. @param {(state: State) => void} listener */
    subscribe(listener) {
      listeners.push(listener);
      listener(state);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
