/** The core as WebAssembly: compiled from the bytes in the package, or from what `init` was given. */
import { source } from '#wasm';
import { show } from './check.js';
import { UnsupportedError } from './errors.js';

/** @param {string} why @param {unknown} [cause] */
const unsupported = (why, cause) =>
  new UnsupportedError(
    `logitkit needs WebAssembly SIMD: this host ${why}. The same library in plain JavaScript is 'logitkit/js'`,
    { cause },
  );

/**
 * A new instance.
 * @param {WebAssembly.Instance} [made] by `prepare`; without one the embedded core is compiled now
 * @returns {import('./instance.js').Made}
 * @throws {UnsupportedError}
 */
export function make(made = atOnce()) {
  const { memory, __heap_base: base, ...functions } = made.exports;
  if (
    !(memory instanceof WebAssembly.Memory && base instanceof WebAssembly.Global && 'lk_sample' in functions)
  ) {
    throw new TypeError('init: this module is not logitkit.wasm, it lacks memory, __heap_base or lk_sample');
  }
  return { memory, base: base.value, functions };
}

function atOnce() {
  const given = embedded();
  try {
    return new WebAssembly.Instance(given instanceof Uint8Array ? new WebAssembly.Module(given) : given);
  } catch (cause) {
    throw noInstance(cause);
  }
}

/** Why there is no instance. @param {unknown} cause */
function noInstance(cause) {
  if (cause instanceof WebAssembly.LinkError || cause instanceof TypeError)
    return new TypeError('init: this module is not logitkit.wasm, it wants imports', { cause });
  return refusal(cause);
}

function embedded() {
  if (typeof WebAssembly !== 'object') throw unsupported('has no WebAssembly');
  return source();
}

/**
 * Why the host refused a core that is known to be valid.
 * @param {unknown} cause
 */
function refusal(cause) {
  const given = source();
  if (given instanceof Uint8Array && !WebAssembly.validate(given)) {
    return unsupported('has WebAssembly without SIMD', cause);
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return unsupported(
    "refused to compile it. A Content-Security-Policy needs 'wasm-unsafe-eval' in script-src; a host that compiles " +
      `only ahead of time needs await init(). It said: ${reason}`,
    cause,
  );
}

/**
 * An instance, for `make`. Chrome before 114 refuses not only to compile but also to instantiate at once on its main
 * thread.
 * @param {any} from as `init` takes it
 * @returns {Promise<WebAssembly.Instance>}
 */
export async function prepare(from) {
  const given = embedded();
  const module = await compile(from === undefined ? given : await from);
  try {
    return await WebAssembly.instantiate(module);
  } catch (cause) {
    throw noInstance(cause);
  }
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
