/**
 * logitkit: a model's logits become probabilities and tokens. Importing it does no work: the core is compiled when it
 * is first needed.
 */
export { alloc, free } from './alloc.js';
export { argmax } from './argmax.js';
export { ENGINES, fromEngine, presets, toEngine } from './engines.js';
export { LogitsError, StateError, UnsupportedError } from './errors.js';
export { init } from './instance.js';
export { logSumExp } from './logsumexp.js';
export { OPTIONS } from './options.js';
export { Sampler } from './sampler.js';
export { logSoftmax, softmax } from './softmax.js';
export { topK } from './topk.js';

/**
 * @typedef {import('./read.js').Row} Row
 * @typedef {import('./read.js').Dtype} Dtype
 * @typedef {import('./softmax.js').SoftmaxOptions} SoftmaxOptions
 * @typedef {import('./logsumexp.js').LogSumExpOptions} LogSumExpOptions
 * @typedef {import('./rows.js').RowOptions} RowOptions
 * @typedef {import('./topk.js').TopK} TopK
 * @typedef {import('./instance.js').InitSource} InitSource
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {import('./options.js').Settings} Settings
 * @typedef {import('./order.js').Engine} Engine
 * @typedef {import('./order.js').StageName} StageName
 * @typedef {import('./engines.js').EngineName} EngineName
 * @typedef {import('./engines.js').EngineSupport} EngineSupport
 * @typedef {import('./engines.js').Unsupported} Unsupported
 * @typedef {import('./sampler.js').SampleOptions} SampleOptions
 * @typedef {import('./sampler.js').DistributionOptions} DistributionOptions
 * @typedef {import('./sampler.js').Distribution} Distribution
 * @typedef {import('./sampler.js').Last} Last
 * @typedef {import('./sampler.js').Mask} Mask
 * @typedef {import('./tokens.js').Tokens} Tokens
 */
