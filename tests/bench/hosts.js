/** Loads logitkit and its peers where modules come from node_modules: Node, Bun, Deno. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { onnxruntime } from './peers/onnxruntime.js';
import { tensorflow } from './peers/tfjs.js';
import { transformers } from './peers/transformers.js';

const require = createRequire(import.meta.url);

function version(name) {
  let folder = dirname(require.resolve(name));
  for (;;) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (found.name === name) return found.version;
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    folder = dirname(folder);
  }
}

const plainExports = (module) => module.default ?? module;

/** @type {Record<string, () => Promise<object>>} */
const LOADERS = {
  async 'transformers.js'() {
    const hub = await import('@huggingface/transformers');
    hub.env.allowRemoteModels = false;
    return { kind: 'transformers', version: version('@huggingface/transformers'), ...transformers(hub) };
  },
  async 'ort-web'() {
    const ort = plainExports(await import('onnxruntime-web'));
    ort.env.wasm.numThreads = 1;
    return { kind: 'onnx', version: version('onnxruntime-web'), ...onnxruntime(ort, ['wasm']) };
  },
  async 'ort-node'() {
    const ort = plainExports(await import('onnxruntime-node'));
    return { kind: 'onnx', version: version('onnxruntime-node'), ...onnxruntime(ort, ['cpu']) };
  },
  async 'tfjs-wasm'() {
    const tf = await import('@tensorflow/tfjs-core');
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    wasm.setThreadsCount(1);
    wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    if (!(await tf.setBackend('wasm'))) throw new Error('the wasm back end did not start');
    return { kind: 'tfjs', version: version('@tensorflow/tfjs-core'), ...tensorflow(tf) };
  },
};

export const PEERS = Object.keys(LOADERS);

/**
 * @param {string[]} names
 * @param {(line: string) => void} say
 */
export async function loadPeers(names, say) {
  const hosts = {};
  const absent = {};
  for (const name of names) {
    try {
      hosts[name] = await LOADERS[name]();
    } catch (error) {
      absent[name] = String(error?.message ?? error).split('\n')[0];
      say(`${name} does not load here: ${absent[name]}`);
    }
  }
  return { hosts, absent };
}
