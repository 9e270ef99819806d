// The compiled core as an entry hands it over: the library is the same text for every host, the core is not
// (scripts/bundle.js).

/** @type {() => Uint8Array<ArrayBuffer> | WebAssembly.Module} */
let given;

/** @param {typeof given} source */
export const give = (source) => {
  given = source;
};

export const source = () => given();
