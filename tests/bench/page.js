/** The benchmark as a page: loads the peers a browser can run and offers `bench(options)` to its driver. */
import * as logitkit from '../../dist/index.js';
import { onnxruntime } from './peers/onnxruntime.js';
import { tensorflow } from './peers/tfjs.js';
import { transformers } from './peers/transformers.js';
import { runSuite } from './suite.js';

const at = (folder) => new URL(`../${folder}/`, import.meta.url).href;

/** @type {Record<string, () => Promise<object>>} */
const LOADERS = {
  async 'transformers.js'() {
    const hub = await import('@huggingface/transformers');
    hub.env.allowRemoteModels = false;
    hub.env.useBrowserCache = false;
    hub.env.backends.onnx.wasm.wasmPaths = at('transformers');
    hub.env.backends.onnx.wasm.numThreads = 1;
    return { kind: 'transformers', ...transformers(hub) };
  },
  async 'ort-web'() {
    const ort = await import('onnxruntime-web/wasm');
    ort.env.wasm.wasmPaths = at('ort');
    ort.env.wasm.numThreads = 1;
    return { kind: 'onnx', ...onnxruntime(ort, ['wasm']) };
  },
  async 'tfjs-wasm'() {
    const tf = await import('@tensorflow/tfjs-core');
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setThreadsCount(1);
    wasm.setWasmPaths(at('tfjs'));
    if (!(await tf.setBackend('wasm'))) throw new Error('the wasm back end did not start');
    return { kind: 'tfjs', ...tensorflow(tf) };
  },
};

/** @param {{plan: keyof typeof import('./plan.js').PLANS, peers: boolean, peersOnly?: boolean, only?: Record<string, string[]>}} options */
async function bench({ plan, peers, peersOnly = false, only }) {
  const hosts = {};
  const absent = {};
  for (const [name, load] of peers ? Object.entries(LOADERS) : []) {
    try {
      hosts[name] = await load();
    } catch (error) {
      absent[name] = String(error?.message ?? error).split('\n')[0];
    }
  }
  const say = (line) => console.log(line);
  const result = await runSuite({
    plan,
    logitkit: peersOnly ? undefined : logitkit,
    peers: hosts,
    page: true,
    only,
    say,
  });
  return { ...result, hosts: Object.keys(hosts), absent };
}

Object.assign(globalThis, { bench });
