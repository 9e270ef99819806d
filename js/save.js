/**
 * A sampler as bytes: what it is (vocabulary, options, mask) and where it stands (history, stream, what its stages have
 * learned and what a rewind needs), but not its row.
 *
 *   LKIT, the version, vocabSize, options as JSON, the mask's words, history and state (Frame.save), the sum of it all
 *
 * Integers are written in steps of 7 bits, the lowest first, numbers as little-endian float64. Only options that differ
 * from their neutral values are there. A version is never changed in its meaning: what has to be told in another way
 * gets the next one.
 */
import { LK } from '../dist/abi.js';
import { checksum, impossible, Reader, unloadable, Writer } from './bytes.js';
import { show, tagOf } from './check.js';
import { StateError, UnsupportedError } from './errors.js';
import { Frame } from './frame.js';
import { OPTIONS } from './options.js';
import { checkAttached } from './read.js';
import { attach, Parts } from './sequence.js';
import { planOf } from './settings.js';

const MAGIC = 0x54494b4c;
const VERSION = 1;
/** Bytes before and behind what is told: mark and version, and the sum. */
const HEAD = 5;
const TAIL = 4;
/** Kinds of options whose tables JSON knows as lists of pairs. */
const TABLES = ['bias', 'forced'];

/** @param {Parts} parts @returns {Uint8Array} */
export function save(parts) {
  const frame = parts.alive('save');
  const out = new Writer();
  out.word(MAGIC);
  out.integer(VERSION);
  out.integer(frame.n);
  out.text(textOf(parts.plan.settings));
  saveMask(out, parts.mask);
  frame.save(out);
  out.word(checksum(out.done()));
  return out.done();
}

/**
 * @template {object} S
 * @param {S} made what becomes the sampler
 * @param {unknown} given
 * @returns {S}
 */
export function load(made, given) {
  const bytes = bytesOf(given);
  const from = new Reader(bytes.subarray(0, bytes.length - TAIL));
  if (bytes.length < HEAD + TAIL || from.word() !== MAGIC) {
    throw unloadable('are not what save() gives');
  }
  const version = from.integer();
  if (version !== VERSION) {
    throw unloadable(`are of version ${version}, this release knows ${VERSION}`);
  }
  if (new Reader(bytes.subarray(bytes.length - TAIL)).word() !== checksum(bytes.subarray(0, -TAIL))) {
    throw unloadable('are damaged: their checksum differs');
  }
  try {
    return attach(made, partsFrom(from));
  } catch (cause) {
    if (cause instanceof StateError || cause instanceof UnsupportedError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unloadable(`are no sampler's: ${reason}`, { cause });
  }
}

/** @param {unknown} given @returns {Uint8Array} */
function bytesOf(given) {
  const isBuffer = /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(given));
  if (!isBuffer && tagOf(given) !== 'Uint8Array') {
    throw new TypeError(`load: bytes must be a Uint8Array or an ArrayBuffer, got ${show(given)}`);
  }
  const bytes = isBuffer
    ? new Uint8Array(/** @type {ArrayBuffer} */ (given))
    : /** @type {Uint8Array} */ (given);
  checkAttached('load: bytes', bytes);
  return bytes;
}

/** @param {Reader} from */
function partsFrom(from) {
  const n = from.integer(LK.MAX_VOCAB);
  if (n === 0) throw impossible();
  const plan = planOf('load', optionsFrom(from.text()), n);
  const frame = new Frame(n, plan.settings.maxHistory, null);
  try {
    const parts = new Parts(frame, plan);
    const mask = maskFrom(from, n);
    if (mask !== null) parts.checkMask('load: mask', mask);
    parts.mask = mask;
    frame.load(from);
    if (from.left > 0) throw impossible();
    frame.configure('load', plan);
    return parts;
  } catch (error) {
    frame.dispose();
    throw error;
  }
}

/** @param {Writer} out @param {import('./sequence.js').Mask | null} mask */
function saveMask(out, mask) {
  out.integer(mask === null ? 0 : tagOf(mask) === 'Int32Array' ? 1 : 2);
  if (mask === null) return;
  out.integer(mask.length);
  for (const word of mask) out.word(word);
}

/** @param {Reader} from @param {number} n */
function maskFrom(from, n) {
  const kind = from.integer(2);
  if (kind === 0) return null;
  const mask = new (kind === 1 ? Int32Array : Uint32Array)(from.integer((n + 31) >>> 5));
  for (let i = 0; i < mask.length; i++) mask[i] = from.word();
  return mask;
}

/** @param {import('./options.js').Settings} settings */
function textOf(settings) {
  const changed = Object.values(OPTIONS)
    .map(({ name, neutral }) => [name, settings[name], neutral])
    .filter(([, value, neutral]) => !Object.is(value, neutral));
  return JSON.stringify(Object.fromEntries(changed), (_, value) => {
    if (value instanceof Map) return [...value];
    if (typeof value === 'bigint') return { big: `${value}` };
    if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
    return { number: Object.is(value, -0) ? '-0' : `${value}` };
  });
}

/** @param {string} text @returns {Record<string, unknown>} */
function optionsFrom(text) {
  const options = JSON.parse(text, (_, value) => {
    if (/^\d{1,20}$/.test(value?.big)) return BigInt(value.big);
    return typeof value?.number === 'string' ? Number(value.number) : value;
  });
  for (const { name, kind } of Object.values(OPTIONS)) {
    const value = options[name];
    if (TABLES.includes(kind) && Array.isArray(value)) options[name] = new Map(value);
  }
  return options;
}
