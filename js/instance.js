/** The one instance of the C core: compiled when first needed, or ahead of time by `init`. */
import { source } from '#wasm';
import { open } from './arena.js';
import { show } from './check.js';
import { UnsupportedError } from './errors.js';

/**
 * What the core exports. Pointers and 32-bit integers are numbers.
 * @typedef {object} Core
 * @property {(n: number) => number} lk_work_size
 * @property {(x: number, n: number, temperature: number, out: number, work: number) => number} lk_softmax
 * @property {(x: number, n: number, temperature: number, out: number, work: number) => number} lk_log_softmax
 * @property {(x: number, n: number, temperature: number, out: number, work: number) => number} lk_logsumexp
 * @property {(x: number, n: number, out: number, work: number) => number} lk_argmax
 * @property {(x: number, n: number, k: number, ids: number, logits: number, count: number, work: number) => number} lk_top_k
 * @property {(temperature: number, base: number) => number} lk_base_temperature
 * @property {(x: number, n: number, dtype: number, index: number, count: number) => void} lk_find_nan
 * @property {(x: number, n: number, dtype: number, out: number) => void} lk_widen
 * @property {(slots: number) => number} lk_counts_size
 * @property {(counts: number, slots: number) => void} lk_counts_init
 * @property {(counts: number, token: number, all: number, output: number) => number} lk_counts_add
 * @property {(into: number, from: number) => number} lk_counts_merge
 * @property {(sampler: number, work: number) => number} lk_sample
 * @property {(sampler: number, top: number, ids: number, probs: number, work: number) => number} lk_distribution
 */

/**
 * A compiled module, where the types of WebAssembly are known at all.
 * @typedef {typeof globalThis extends { WebAssembly: { Module: { prototype: infer T } } } ? T : never} Module
 *
 * What `init` needs of a `Response`.
 * @typedef {{ readonly ok: boolean, readonly status: number, readonly url: string,
 *   arrayBuffer(): Promise<ArrayBuffer> }} ResponseLike
 *
 * @typedef {Module | ArrayBuffer | ArrayBufferView | string | { readonly href: string } | ResponseLike} InitSource
 */

/** @type {Core | null} */
let instance = null;

/**
 * The core, compiled now if it was not yet.
 * @returns {Core}
 * @throws {UnsupportedError}
 */
export function core() {
  return instance ?? start();
}

function start() {
  const given = embedded();
  /** @type {WebAssembly.Module} */
  let module;
  try {
    module = given instanceof Uint8Array ? new WebAssembly.Module(given) : given;
  } catch (cause) {
    throw refusal(cause);
  }
  return adopt(module);
}

function embedded() {
  if (typeof WebAssembly !== 'object') {
    throw new UnsupportedError('logitkit needs WebAssembly SIMD: this host has no WebAssembly');
  }
  return source();
}

/**
 * Why the host refused a core that is known to be valid.
 * @param {unknown} cause
 */
function refusal(cause) {
  const given = source();
  if (given instanceof Uint8Array && !WebAssembly.validate(given)) {
    return new UnsupportedError('logitkit needs WebAssembly SIMD: this host has WebAssembly without SIMD', {
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UnsupportedError(
    'logitkit needs WebAssembly SIMD: this host refused to compile it. A Content-Security-Policy needs ' +
      `'wasm-unsafe-eval' in script-src; a host that compiles only ahead of time needs await init(). It said: ${reason}`,
    { cause },
  );
}

/** @param {WebAssembly.Module} module @returns {Core} */
function adopt(module) {
  if (instance) return instance;
  /** @type {WebAssembly.Instance} */
  let made;
  try {
    made = new WebAssembly.Instance(module);
  } catch (cause) {
    if (cause instanceof WebAssembly.LinkError || cause instanceof TypeError) {
      throw new TypeError('init: this module is not logitkit.wasm, it wants imports', { cause });
    }
    throw refusal(cause);
  }
  const { memory, __heap_base: base, ...functions } = made.exports;
  if (
    !(memory instanceof WebAssembly.Memory && base instanceof WebAssembly.Global && 'lk_sample' in functions)
  ) {
    throw new TypeError('init: this module is not logitkit.wasm, it lacks memory, __heap_base or lk_sample');
  }
  open(memory, base.value);
  instance = /** @type {any} */ (functions);
  return /** @type {Core} */ (instance);
}

/**
 * Compiles the core ahead of time. Not needed: the first call compiles it by itself, in a few milliseconds. Needed where
 * a host forbids compiling on its main thread, useful to pay that time at a moment of your choosing or to share one
 * compiled module between workers. Once the core runs this does nothing.
 *
 * @example
 * await init();                                        // the embedded core
 * await init(new URL('./logitkit.wasm', import.meta.url));
 *
 * @param {InitSource | PromiseLike<InitSource>} [from] a compiled `WebAssembly.Module`, the bytes of `logitkit.wasm`,
 *   the URL to fetch them from, a `Response`, or a promise of one of these
 * @returns {Promise<void>}
 * @throws {TypeError} for anything else, an answer that is no logitkit.wasm, a failed fetch
 * @throws {UnsupportedError} no WebAssembly, no SIMD, or compiling is forbidden
 */
export async function init(from) {
  if (instance) return;
  const given = embedded();
  const module = await compile(from === undefined ? given : await from);
  adopt(module);
}

/**
 * @param {any} from
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(from) {
  const kind = Object.prototype.toString.call(from);
  if (kind === '[object WebAssembly.Module]') return from;
  if (typeof from === 'string' || typeof from?.href === 'string')
    return compile(await get(String(from.href ?? from)));
  if (typeof from?.arrayBuffer === 'function' && 'ok' in from) return fromResponse(from);
  if (ArrayBuffer.isView(from) || /^\[object (Shared)?ArrayBuffer\]$/.test(kind)) {
    return fromBytes(from, 'the array given');
  }
  throw new TypeError(
    `init: source must be a WebAssembly.Module, bytes, a URL or a Response, got ${show(from)}`,
  );
}

/** @param {string} url */
async function get(url) {
  try {
    return await fetch(url);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`init: cannot fetch ${url}: ${reason}`, { cause });
  }
}

/**
 * Compiles while it loads where the server names the right type; otherwise, and on any failure, from the whole body.
 * @param {any} response
 */
async function fromResponse(response) {
  const name = response.url || 'the Response';
  if (!response.ok) throw new TypeError(`init: ${name} answered with status ${response.status}`);
  if (typeof WebAssembly.compileStreaming === 'function' && typeof response.clone === 'function') {
    const spare = response.clone();
    try {
      return await WebAssembly.compileStreaming(response);
    } catch {
      return fromBytes(await spare.arrayBuffer(), name);
    }
  }
  return fromBytes(await response.arrayBuffer(), name);
}

const MAGIC = '0061736d';

/**
 * @param {any} bytes
 * @param {string} name
 */
async function fromBytes(bytes, name) {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  const start = Array.from(view.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (start !== MAGIC) {
    throw new TypeError(
      `init: ${name} is not WebAssembly: it starts with ${start || 'nothing'} instead of ${MAGIC}`,
    );
  }
  try {
    return await WebAssembly.compile(/** @type {any} */ (view));
  } catch (cause) {
    const ours = source();
    if (
      !WebAssembly.validate(/** @type {any} */ (view)) &&
      (!(ours instanceof Uint8Array) || WebAssembly.validate(ours))
    ) {
      throw new TypeError(`init: ${name} is damaged, or not logitkit.wasm`, { cause });
    }
    throw refusal(cause);
  }
}
