/** The one instance of the C core: made when first needed, or ahead of time by `init`. */
import { make, prepare } from '#core';
import { open } from './arena.js';

/**
 * What the core exports. Pointers and 32-bit integers are numbers.
 * @typedef {object} Core
 * @property {(n: number) => number} lk_work_size
 * @property {(x: number, n: number, temperature: number, out: number, work: number) => number} lk_softmax
 * @property {(x: number, n: number, temperature: number, out: number, work: number) => number} lk_log_softmax
 * @property {(x: number, n: number, temperature: number, out: number, work: number) => number} lk_logsumexp
 * @property {(x: number, n: number, alpha: number, temperature: number, out: number, work: number) => number} lk_entmax
 * @property {(q: number, k: number, v: number, m: number, d: number, dv: number, scale: number, bias: number,
 *   out: number, work: number) => number} lk_attention
 * @property {(x: number, n: number, out: number, work: number) => number} lk_argmax
 * @property {(x: number, n: number, k: number, ids: number, logits: number, count: number, work: number) => number} lk_top_k
 * @property {(depth: number, n: number, best: number, weights: number, sums: number) => number} lk_weigh
 * @property {(temperature: number, base: number) => number} lk_base_temperature
 * @property {(x: number, n: number, dtype: number, index: number, count: number) => void} lk_find_nan
 * @property {(x: number, n: number, dtype: number, out: number) => void} lk_widen
 * @property {(a: number, b: number, bytes: number) => number} lk_same
 * @property {(slots: number) => number} lk_counts_size
 * @property {(counts: number, slots: number) => void} lk_counts_init
 * @property {(counts: number, token: number, all: number, output: number) => number} lk_counts_add
 * @property {(into: number, from: number) => number} lk_counts_merge
 * @property {(seed: bigint, position: bigint, purpose: number, stream: number, index: number) => number} lk_uniform
 * @property {(sampler: number, work: number) => number} lk_sample
 * @property {(sampler: number, top: number, ids: number, probs: number, work: number) => number} lk_distribution
 * @property {(sampler: number, records: number, work: number) => number} lk_trace
 * @property {(x: number) => number} lk_log
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

/**
 * An instance as js/module.js and js/plain.js make it. Growing takes pages of 64 KiB and throws where it cannot.
 * @typedef {object} Made
 * @property {{ readonly buffer: ArrayBuffer, grow(pages: number): number }} memory
 * @property {number} base where the compiler's own data ends
 * @property {object} functions those of Core
 */

/** @type {Core | null} */
let instance = null;

/**
 * The core, made now if it was not yet.
 * @returns {Core}
 * @throws {UnsupportedError}
 */
export function core() {
  return instance ?? adopt(make());
}

/** @param {Made} made @returns {Core} */
function adopt({ memory, base, functions }) {
  open(memory, base);
  instance = /** @type {Core} */ (functions);
  return instance;
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
 *   the URL to fetch them from, a `Response`, or a promise of one of these; `logitkit/js` has no use for any of them
 * @returns {Promise<void>}
 * @throws {TypeError} for anything else, an answer that is no logitkit.wasm, a failed fetch, and in `logitkit/js`
 * @throws {UnsupportedError} no WebAssembly, no SIMD, or compiling is forbidden
 */
export async function init(from) {
  if (instance) return;
  const made = await prepare(from);
  if (!instance) adopt(make(made));
}
