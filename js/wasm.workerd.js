// The compiled core where the host compiles WebAssembly itself and forbids doing so from bytes.
import module from 'logitkit/logitkit.wasm';

export const source = () => module;
