/**
 * logitkit/transformers: a Sampler picks the tokens of transformers.js (`@huggingface/transformers`), which it does not
 * import.
 *
 * `generate()` has no hook for a sampler, but it shows its processors every row last of all. Mode 'pick' leaves one
 * finite logit, so that the greedy choice of the host is the sampler's token; mode 'filter' masks what the sampler
 * would never draw and leaves the draw to the host.
 */
import { checkNumber, MOST, show, tagOf } from '../check.js';
import { OPTIONS, Sampler } from '../index.js';
import { checkKnown, checkObject, drawRows, learn, restart, unknown } from './host.js';

const HOST = 'logitkit/transformers (transformers.js 4.3.1)';

/** Parameters of generate() that it has in name only: nobody there reads them. */
const UNREAD = ['top_p', 'min_p', 'typical_p', 'epsilon_cutoff', 'eta_cutoff'];
/** These, and those that would act beside the sampler. */
const PICK = ['logits_processor', 'do_sample', 'temperature', 'top_k', ...UNREAD];
const FILTER = ['logits_processor', ...UNREAD];
/** Options of a Sampler that act by the draw, which 'filter' leaves to the host. */
const DRAWS = [
  'seed',
  'method',
  'transform',
  'skew',
  'xtcProbability',
  'mirostat',
  'adaptiveTarget',
  'logprobs',
];

/**
 * What is read of a tensor, and its rows are written.
 * @typedef {object} Scores
 * @property {string} type
 * @property {readonly number[]} dims
 * @property {any} data
 * @property {string} [location]
 *
 * @typedef {object} HostOptions
 * @property {'pick' | 'filter'} [mode] 'pick'
 * @property {number | bigint} [padTokenId] leading ones are no part of a prompt: batches are padded on the left
 * @property {number} [vocabSize] else the length of the first row; with it all options are checked at once
 *
 * @typedef {import('../index.js').SamplerOptions & HostOptions} TransformersOptions
 *
 * A token that was drawn: `logprob` of the model's row, `finalLogprob` of the chain's law.
 * @typedef {{ token: number, position: number, logprob: number, finalLogprob: number }} Chosen
 *
 * @typedef {(<T extends Scores>(inputIds: readonly (readonly bigint[])[], logits: T) => T)} Call
 *
 * What iterating over an array gives, under any version of TypeScript.
 * @typedef {{ [Symbol.iterator](): ReturnType<any[]['values']> }} Listed
 *
 * A processor, and a list of processors with itself in it: both `LogitsProcessor` and `LogitsProcessorList`.
 * @typedef {object} Members
 * @property {Call} _call
 * @property {any[]} processors
 * @property {(processor: any) => void} push
 * @property {(processors: Iterable<any>) => void} extend
 * @property {<T extends object>(host?: T) => T & { do_sample: boolean, logits_processor: TransformersProcessor }} settings
 *   for `generate()` and pipelines: what is given and what the mode needs. Throws a RangeError for a parameter that would
 *   act beside the sampler, and for num_beams and num_return_sequences above 1
 * @property {() => void} reset the next call begins a new generation, whatever it looks like
 * @property {() => void} dispose gives the memory of its samplers back; the next call begins anew
 * @property {readonly Sampler[]} samplers one per row of the batch, on streams 0, 1, ...
 * @property {readonly (readonly Chosen[])[]} chosen what was drawn for each row; empty in mode 'filter'
 *
 * @typedef {Call & Members & Listed} TransformersProcessor
 */

/**
 * A processor for `generate()` and for the pipelines that generate text.
 *
 * A row of the batch is a new generation unless its input_ids are those of the call before and exactly one token more:
 * then its sampler starts over with them as its prompt, under the same seed, or under a fresh one where `seed` is absent.
 * If the host appended another token than was picked, the history says so too.
 *
 * @example
 * import { logitsProcessor } from 'logitkit/transformers';
 * const processor = logitsProcessor({ temperature: 0.8, topK: 40, minP: 0.05, seed: 42 });
 * const settings = processor.settings({ max_new_tokens: 64 }); // await model.generate({ ...inputs, ...settings })
 *
 * @param {TransformersOptions} [options] those of a Sampler, and of this adapter
 * @returns {TransformersProcessor}
 * @throws {TypeError | RangeError} an unknown option, or with `vocabSize` a bad value. Later, out of `generate()`: what
 *   the host gives that is not known here, a vocabulary that changes, whatever `sample` throws; the row then is as
 *   it was and the next call begins a new generation
 */
export function logitsProcessor(options = {}) {
  const { mode = 'pick', padTokenId, vocabSize, ...chain } = checkObject('logitsProcessor', options);
  if (mode !== 'pick' && mode !== 'filter') {
    throw new RangeError(`logitsProcessor: mode must be 'pick' or 'filter', got ${show(mode)}`);
  }
  checkKnown(chain);
  if (padTokenId !== undefined) {
    const id = typeof padTokenId === 'bigint' ? Number(padTokenId) : padTokenId;
    checkNumber('logitsProcessor: padTokenId', id, { min: 0, max: MOST, integer: true });
  }
  const values = /** @type {Record<string, unknown>} */ (chain);
  const table = /** @type {Record<string, { neutral: unknown }>} */ (OPTIONS);
  const active = (/** @type {string} */ name) =>
    values[name] !== undefined && values[name] !== table[name].neutral;
  const draws = mode === 'filter' && DRAWS.find(active);
  if (draws)
    throw new RangeError(
      `logitsProcessor: ${draws} belongs to the draw, which mode 'filter' leaves to the host`,
    );

  /** @type {Sampler[]} */
  const samplers = vocabSize === undefined ? [] : [new Sampler(vocabSize, chain)];
  /** @type {Chosen[][]} */
  const chosen = [];
  /** The input_ids of the last call; empty: the next one begins a generation. @type {(readonly bigint[])[]} */
  let before = [];

  /** @param {readonly (readonly bigint[])[]} ids @param {number} n */
  function begin(ids, n) {
    if (vocabSize === undefined && samplers[0]?.vocabSize !== n) dispose();
    samplers[0] ??= new Sampler(n, chain);
    for (const surplus of samplers.splice(ids.length)) surplus.dispose();
    for (let b = samplers.length; b < ids.length; b++) samplers[b] = samplers[0].fork({ stream: b });
    chosen.length = ids.length;
    samplers.forEach((sampler, b) => {
      restart(sampler, chain);
      let first = 0;
      while (padTokenId !== undefined && first < ids[b].length && ids[b][first] === BigInt(padTokenId))
        first++;
      learn(HOST, sampler, ids[b].slice(first), { prompt: true });
      chosen[b] = [];
    });
  }

  /** @param {readonly (readonly bigint[])[]} ids */
  function follow(ids) {
    samplers.forEach((sampler, b) => {
      const token = Number(ids[b].at(-1));
      if (mode === 'pick') {
        if (chosen[b].at(-1)?.token === token) return;
        sampler.rewind(1);
        chosen[b].pop();
      }
      learn(HOST, sampler, token);
    });
  }

  /** @type {Call} */
  function call(inputIds, logits) {
    const past = before;
    before = [];
    const n = check(inputIds, logits);
    const rows = inputIds.filter((ids, b) => past.length === inputIds.length && continues(ids, past[b]));
    if (rows.length > 0 && rows.length < inputIds.length) {
      throw unknown(
        HOST,
        'all rows of a batch to go on, or none (num_beams must be 1)',
        `${rows.length} of ${inputIds.length}`,
      );
    }
    const known = vocabSize ?? (rows.length > 0 ? samplers[0].vocabSize : n);
    if (n !== known) throw unknown(HOST, `rows of ${known} logits`, `${n}`);
    if (rows.length > 0) follow(inputIds);
    else begin(inputIds, n);
    if (mode === 'pick') pick(logits.data, n);
    else filter(logits.data, n);
    before = inputIds.map((ids) => ids.slice());
    return logits;
  }

  /** @param {Float32Array} data @param {number} n */
  function pick(data, n) {
    const tokens = drawRows(data, samplers);
    samplers.forEach((sampler, b) => {
      const { token, position, logprob, finalLogprob } = /** @type {Chosen} */ (sampler.last);
      chosen[b].push({ token, position, logprob, finalLogprob });
    });
    data.fill(-Infinity);
    tokens.forEach((token, b) => {
      data[b * n + token] = 0;
    });
  }

  /** @param {Float32Array} data @param {number} n */
  function filter(data, n) {
    const row = (/** @type {number} */ b) => data.subarray(b * n, (b + 1) * n);
    const kept = samplers.map((sampler, b) => sampler.distribution(row(b)).ids);
    kept.forEach((ids, b) => {
      const values = Float32Array.from(ids, (id) => row(b)[id]);
      row(b).fill(-Infinity);
      for (let i = 0; i < ids.length; i++) row(b)[ids[i]] = values[i];
    });
  }

  function dispose() {
    for (const sampler of samplers.splice(0)) sampler.dispose();
    before = [];
  }

  /** @type {any[]} */
  const processors = [call];
  return Object.assign(call, {
    _call: call,
    processors,
    push: (/** @type {any} */ processor) => void processors.push(processor),
    extend: (/** @type {Iterable<any>} */ others) => void processors.push(...others),
    [Symbol.iterator]: () => processors.values(),
    settings: (/** @type {any} */ host = {}) => settingsOf(host, mode, call),
    reset: () => {
      before = [];
    },
    dispose,
    samplers,
    chosen,
  });
}

/**
 * @param {unknown} inputIds
 * @param {any} logits
 * @returns {number} length of a row
 */
function check(inputIds, logits) {
  const { type, dims: given, location = 'cpu' } = logits ?? {};
  const data = location === 'cpu' ? logits?.data : undefined; // elsewhere, reading it is an error of ONNX Runtime's
  const dims = Array.isArray(given) ? given : [];
  const [count, n] = dims;
  const fits = type === 'float32' && tagOf(data) === 'Float32Array';
  if (!fits || dims.length !== 2 || count < 1 || n < 1 || data.length !== count * n) {
    throw unknown(
      HOST,
      'a tensor of type float32, [batch, vocabulary], on the CPU',
      `${show(type)}, [${dims.join(', ')}], ${show(location)}`,
    );
  }
  const ids = /** @type {unknown[]} */ (inputIds);
  if (!Array.isArray(ids) || ids.length !== count || !ids.every(isIds)) {
    throw unknown(HOST, `input_ids as ${count} arrays of bigint`, show(inputIds));
  }
  return n;
}

/** @param {any} ids */
const isIds = (ids) => Array.isArray(ids) && (ids.length === 0 || typeof ids[0] === 'bigint');

/**
 * Whether these are the ids of the call before, and one more.
 * @param {readonly bigint[]} ids
 * @param {readonly bigint[]} past
 */
function continues(ids, past) {
  return ids.length === past.length + 1 && past.every((id, i) => id === ids[i]);
}

/** @param {any} host @param {'pick' | 'filter'} mode @param {Call} call */
function settingsOf(host, mode, call) {
  checkObject('logitsProcessor.settings', host);
  const given = (/** @type {string} */ name) => host[name] !== undefined && host[name] !== null;
  for (const name of Object.keys(host)) {
    const refused = (mode === 'pick' ? PICK : FILTER).includes(name);
    // The host would pass over a name that only a Sampler knows; temperature is a name of both.
    const ours = name !== 'temperature' && Object.hasOwn(OPTIONS, name);
    if (!(refused || ours) || !given(name) || (name === 'do_sample' && host[name] === false)) continue;
    throw new RangeError(
      `logitsProcessor.settings: ${name} does not go with mode '${mode}'; what the sampler is to do are options of logitsProcessor`,
    );
  }
  for (const name of ['num_beams', 'num_return_sequences']) {
    for (const value of [host[name], host.generation_config?.[name]]) {
      if ((value ?? 1) === 1) continue;
      throw new RangeError(`logitsProcessor.settings: ${name} must be 1, got ${show(value)}`);
    }
  }
  const settings = { ...host, do_sample: host.do_sample ?? mode === 'filter', logits_processor: call };
  return mode === 'filter' ? { ...settings, top_k: host.top_k ?? 0 } : settings;
}
