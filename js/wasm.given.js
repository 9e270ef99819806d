// The core that was handed over, else the embedded one: the library is the same text for every host, and only one that
// compiles WebAssembly itself has another core for it (scripts/bundle.js).
import { source as embedded } from '../dist/wasm.js';

/** @type {() => Uint8Array<ArrayBuffer> | WebAssembly.Module} */
let given = embedded;

/** @param {typeof given} source */
export const give = (source) => {
  given = source;
};

export const source = () => given();
