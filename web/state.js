/**
 * The state of the page, once. Every control reads and writes it, every chapter is drawn from it, and the part of it
 * that differs from the initial state stands in the address (address.js), so that any state is a link.
 *
 * Contract of the chapters: `chapters/<id>.js` exports `mount(section, store)`, which returns `update(state)`; that is
 * called at once and after every change, soon for chapters in view and a moment later for the others. What a chapter
 * keeps for itself has a row in `PRIVATE` of fields.js. Parts of the state that a change left alone are the same
 * objects as before: a chapter with much to do compares what it needs with ===.
 */
import { Sampler } from 'logitkit';
import { CHAIN, LOGITS, ORDER, PRIVATE, SEED } from './fields.js';

/**
 * @template F
 * @typedef {F extends import('./fields.js').Field<infer Value> ? Value : never} ValueOf
 */

/**
 * @typedef {object} Shared
 * @property {readonly number[]} logits the small example: 2 to 16 finite numbers
 * @property {Readonly<import('logitkit').SamplerOptions>} options the chain: options of a Sampler that are one number,
 *   word or switch and not neutral; neither seed nor order
 * @property {import('./fields.js').Order} order of the chain: an engine's name or stages
 * @property {bigint} seed
 *
 * @typedef {{ readonly [C in keyof typeof PRIVATE]: { readonly [F in keyof (typeof PRIVATE)[C]]: ValueOf<(typeof PRIVATE)[C][F]> } }} Private
 * @typedef {Readonly<Shared> & Private} State
 *
 * What is to change. `options` and the parts of chapters are merged, so that a slider names what it moves; an option
 * that becomes neutral leaves.
 * @typedef {Partial<Shared> & { [C in keyof Private]?: Partial<Private[C]> }} Patch
 */

const PAUSE = 700; // milliseconds: changes of the same field that follow each other faster are undone at once
const STEPS = 100; // that can be undone

const NEUTRAL = Object.fromEntries(Object.entries(CHAIN).map(([name, { initial }]) => [name, initial]));

/** @returns {State} */
export function initialState() {
  const own = Object.entries(PRIVATE).map(([chapter, fields]) => [
    chapter,
    Object.fromEntries(Object.entries(fields).map(([name, { initial }]) => [name, initial])),
  ]);
  const shared = { logits: LOGITS.initial, options: {}, order: ORDER.initial, seed: SEED.initial };
  return /** @type {State} */ ({ ...shared, ...Object.fromEntries(own) });
}

/** The options of a Sampler for this state. @param {State} state @returns {import('logitkit').SamplerOptions} */
export const samplerOptions = ({ options, order, seed }) => ({ ...options, order, seed });

/** @param {State} state @returns {number} */
export const temperatureOf = ({ options }) => options.temperature ?? CHAIN.temperature.initial;

/** Equal values, of arrays too. @param {unknown} a @param {unknown} b */
export const same = (a, b) =>
  Object.is(a, b) || (Array.isArray(a) && Array.isArray(b) && String(a) === String(b));

/**
 * What the library says against options in this order, '' if nothing.
 * @param {Pick<State, 'options' | 'order'>} chain
 */
export function objection({ options, order }) {
  try {
    new Sampler(2, { ...options, order, seed: 0 }).dispose();
    return '';
  } catch (error) {
    return /** @type {Error} */ (error).message.replace(/^Sampler: /, '');
  }
}

/** @param {Record<string, any>} part @param {Record<string, any>} patch @returns the same object if nothing changes */
function merge(part, patch) {
  return Object.entries(patch).every(([name, value]) => same(part[name], value))
    ? part
    : { ...part, ...patch };
}

/** @param {Record<string, any>} options @param {Record<string, any>} patch */
function mergeOptions(options, patch) {
  const unknown = Object.keys(patch).filter((name) => !(name in CHAIN));
  if (unknown.length > 0) throw new Error(`no option of the page: ${unknown.join(', ')}`);
  const merged = merge(options, patch);
  const active = Object.entries(merged).filter(([name, value]) => !same(value, CHAIN[name].initial));
  if (active.length === Object.keys(merged).length && merged === options) return options;
  const kept = Object.fromEntries(active);
  return String(Object.entries(kept)) === String(Object.entries(options)) ? options : kept;
}

/**
 * The state with a patch on it; the same object if the patch changes nothing.
 * @param {State} state @param {Patch} patch @returns {State}
 */
export function patched(state, patch) {
  /** @type {Record<string, any>} */
  const changes = {};
  for (const [name, value] of Object.entries(/** @type {Record<string, any>} */ (patch))) {
    const before = /** @type {Record<string, any>} */ (state)[name];
    if (before === undefined) throw new Error(`no part of the state: ${name}`);
    const isPart = name === 'options' || name in PRIVATE;
    const after = name === 'options' ? mergeOptions(before, value) : isPart ? merge(before, value) : value;
    if (!same(before, after)) changes[name] = after;
  }
  return Object.keys(changes).length > 0 ? { ...state, ...changes } : state;
}

/** Logits may become fewer than the one that is worked out. @param {State} state @returns {State} */
function settle(state) {
  return patched(state, { scores: { worked: Math.min(state.scores.worked, state.logits.length - 1) } });
}

/** Which fields a patch names, to join changes of the same ones. @param {Patch} patch */
const touched = (patch) =>
  Object.entries(patch)
    .flatMap(([name, value]) =>
      Array.isArray(value) || typeof value !== 'object'
        ? name
        : Object.keys(value).map((key) => `${name}.${key}`),
    )
    .join();

/**
 * Listeners hear of changes in the next frame, so that a dragged slider draws once per frame.
 * @param {State} first
 */
export function createStore(first) {
  let state = settle(first);
  let waiting = false;
  /** @type {State[]} */
  const past = [];
  /** @type {State[]} */
  const future = [];
  let last = { fields: '', time: -Infinity };
  /** @type {((state: State) => void)[]} */
  const listeners = [];

  function notify() {
    waiting = false;
    for (const listener of listeners) listener(state);
  }

  /** @param {State} next */
  function become(next) {
    state = next;
    if (!waiting) requestAnimationFrame(notify);
    waiting = true;
  }

  /** @param {State[]} from @param {State[]} to */
  function step(from, to) {
    const next = from.pop();
    if (!next) return;
    to.push(state);
    last = { fields: '', time: -Infinity };
    become(next);
  }

  /** @param {State} next @param {string} fields @param {boolean} undoable @returns {string} */
  function change(next, fields, undoable) {
    if (next === state) return '';
    const chain = next.options !== state.options || next.order !== state.order;
    const problem = chain ? objection(next) : '';
    if (problem) return problem;
    if (undoable) {
      const time = performance.now();
      if (!fields || fields !== last.fields || time - last.time > PAUSE) past.push(state);
      if (past.length > STEPS) past.shift();
      future.length = 0;
      last = { fields, time };
    }
    become(next);
    return '';
  }

  return {
    get: () => state,
    /**
     * Changes the state unless the library refuses the options in their order: then nothing changes, and the return
     * value says why. `undoable: false` is for what happens by itself.
     * @param {Patch} patch @param {{undoable?: boolean}} [how] @returns {string} '' if it was done
     */
    set: (patch, { undoable = true } = {}) => change(settle(patched(state, patch)), touched(patch), undoable),
    /** A whole state, as of a story or a link: what is not in it becomes initial. @param {Patch} patch */
    load(patch) {
      const whole = settle(patched(initialState(), patch));
      return change(patched(state, { ...whole, options: { ...NEUTRAL, ...whole.options } }), '', true);
    },
    undo: () => step(past, future),
    redo: () => step(future, past),
    can: () => ({ undo: past.length > 0, redo: future.length > 0 }),
    /** Called now and after every change. @param {(state: State) => void} listener */
    subscribe(listener) {
      listeners.push(listener);
      listener(state);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
