/**
 * The core as plain JavaScript, for hosts without WebAssembly: what `logitkit/js` has in place of js/module.js. The same
 * sources compiled without vectors (src/plain/), so the same functions and the same bits.
 */
import { instantiate } from '../dist/plain.js';

/**
 * Makes an array buffer one that nothing can be read from, as growing does with the memory of WebAssembly: an array that
 * was handed out over it must not look alive. Hosts that know neither way of doing so get NaN, which is an error
 * wherever logits are read.
 * @param {ArrayBuffer} buffer
 */
function detach(buffer) {
  const { transfer } = /** @type {{ transfer?: (size: number) => void }} */ (buffer);
  if (transfer) transfer.call(buffer, 0);
  else if (typeof structuredClone === 'function') structuredClone(buffer, { transfer: [buffer] });
  else new Uint8Array(buffer).fill(255);
}

/** A new instance. @returns {import('./instance.js').Made} */
export function make() {
  const { memory, __heap_base: base, ...functions } = instantiate();
  return {
    memory: {
      get buffer() {
        return memory.buffer;
      },
      grow(pages) {
        const old = memory.buffer;
        const before = memory.grow(pages);
        if (memory.buffer === old) throw new RangeError('memory cannot grow');
        detach(old);
        return before;
      },
    },
    base: base.value,
    functions,
  };
}

/**
 * There is nothing to load, and nothing that was loaded would be used.
 * @param {unknown} from
 */
export async function prepare(from) {
  if (from !== undefined) throw new TypeError('init: logitkit/js runs no WebAssembly, it takes no source');
}
