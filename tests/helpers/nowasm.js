// A host without WebAssembly: preloaded where the tests run with `logitkit/js`, so that nothing else can have answered.
delete (/** @type {any} */ (globalThis).WebAssembly);
