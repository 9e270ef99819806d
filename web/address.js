/**
 * The state as the fragment of an address: `#chapter&v=1&x=1,5,6,3&temperature=0.8&draw.count=100`, an optional
 * chapter, then fields. It is the fragment and not the query, because a fragment is never sent to a server.
 */
import { CHAIN, LOGITS, ORDER, PRIVATE, SEED } from './fields.js';
import { initialState, objection, patched, same } from './state.js';

/**
 * @typedef {import('./state.js').State} State
 * @typedef {{chapter: string, state: State, ignored: string[], bare: boolean}} Address
 * `bare`: no field stood there, as after a click on a link to a chapter.
 */

const VERSION = '1';

/** Every field of the address: its key, the part of the state and the name in it. */
const ROWS =
  /** @type {{key: string, part: string, name: string, field: import('./fields.js').Field<any>}[]} */ ([
    { key: 'x', part: '', name: 'logits', field: LOGITS },
    ...Object.entries(CHAIN).map(([name, field]) => ({ key: name, part: 'options', name, field })),
    { key: 'order', part: '', name: 'order', field: ORDER },
    { key: 'seed', part: '', name: 'seed', field: SEED },
    ...Object.entries(PRIVATE).flatMap(([part, fields]) =>
      Object.entries(fields).map(([name, field]) => ({ key: `${part}.${name}`, part, name, field })),
    ),
  ]);

/** @param {any} state @param {{part: string, name: string}} row */
const valueAt = (state, { part, name }) => (part ? state[part] : state)[name];

/** @param {State} state @param {string} chapter @returns {string} '' for the initial state and no chapter */
export function writeAddress(state, chapter) {
  const parts = ROWS.flatMap((row) => {
    const value = valueAt(state, row);
    if (value === undefined || same(value, row.field.initial)) return [];
    return `${row.key}=${(row.field.write ?? String)(value)}`;
  });
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

const LONG = 40; // characters of a field that are repeated to the reader

/** @param {string} text */
const short = (text) => (text.length > LONG ? `${text.slice(0, LONG)}…` : text);

/**
 * What cannot be read is named in `ignored` and has its initial value; the rest holds.
 * @param {string} hash @param {readonly string[]} chapters @returns {Address}
 */
export function readAddress(hash, chapters) {
  let state = initialState();
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
    const row = ROWS.find((candidate) => candidate.key === key);
    if (key === 'v') {
      if (text !== VERSION) ignored.push(`v=${short(text)} (this page writes version ${VERSION})`);
    } else if (!row) {
      ignored.push(`${short(key)} (unknown)`);
    } else {
      const value = row.field.parse(text);
      if (value === undefined) ignored.push(`${key}=${short(text)} (expected ${row.field.expects})`);
      else state = patched(state, row.part ? { [row.part]: { [row.name]: value } } : { [row.name]: value });
    }
  }
  const problem = objection(state);
  if (problem) {
    const { options, order } = initialState();
    ignored.push(`the chain (${problem})`);
    state = { ...state, options, order };
  }
  return { chapter, state, ignored, bare };
}
