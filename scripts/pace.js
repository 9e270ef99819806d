// How slow this machine is at the moment, as a multiple of the one that the bounds in seconds and milliseconds were
// measured on: by `argmax` over 151,936 logits on the JavaScript heap, which is little more than reading them. Neighbours
// of a virtual machine can more than double it for hours, and every part of the tests with it.

/** Microseconds of that `argmax` on the machine of tests/bench/RESULTS.md, Node 20. */
const USUAL = 18.5;
const N = 151936;
const RUNS = 2000;

/** At least 1; 1 as long as the library has not been built. */
export async function pace() {
  const library = new URL('../dist/index.js', import.meta.url).href;
  const { argmax } = await import(library).catch(() => ({ argmax: null }));
  if (argmax === null) return 1;
  const x = Float32Array.from({ length: N }, (_, i) => Math.sin(i));
  const times = [];
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    argmax(x);
    times.push(1000 * (performance.now() - start));
  }
  times.sort((a, b) => a - b);
  return Math.max(1, times[RUNS / 2] / USUAL);
}
