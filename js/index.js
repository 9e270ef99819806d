/**
 * logitkit: a model's logits become probabilities and tokens. Importing it does no work: the core is compiled when it
 * is first needed.
 */
export { alloc, free } from './alloc.js';
export { argmax } from './argmax.js';
export { attention } from './attention.js';
export { boltzmann } from './boltzmann.js';
export { crossEntropy, crossEntropyBackward, crossEntropyTemperatureGrad } from './crossentropy.js';
export { ENGINES, fromEngine, presets, toEngine } from './engines.js';
export { entmax, entmax15, sparsemax } from './entmax.js';
export { entropy } from './entropy.js';
export { LogitsError, StateError, UnsupportedError } from './errors.js';
export { guide } from './guide.js';
export { init } from './instance.js';
export { klDivergence } from './kldivergence.js';
export { logSumExp } from './logsumexp.js';
export { OPTIONS } from './options.js';
export { perplexity } from './perplexity.js';
export { Sampler } from './sampler.js';
export { logSoftmax, softmax } from './softmax.js';
export { softmaxBackward, softmaxTemperatureGrad } from './softmaxbackward.js';
export { topK } from './topk.js';

/**
 * @typedef {import('./read.js').Row} Row
 * @typedef {import('./read.js').Dtype} Dtype
 * @typedef {import('./softmax.js').SoftmaxOptions} SoftmaxOptions
 * @typedef {import('./attention.js').AttentionOptions} AttentionOptions
 * @typedef {import('./entmax.js').EntmaxOptions} EntmaxOptions
 * @typedef {import('./logsumexp.js').LogSumExpOptions} LogSumExpOptions
 * @typedef {import('./rows.js').RowOptions} RowOptions
 * @typedef {import('./entropy.js').EntropyOptions} EntropyOptions
 * @typedef {import('./kldivergence.js').KlDivergenceOptions} KlDivergenceOptions
 * @typedef {import('./targets.js').Target} Target
 * @typedef {import('./targets.js').Reduction} Reduction
 * @typedef {import('./crossentropy.js').CrossEntropyOptions} CrossEntropyOptions
 * @typedef {import('./crossentropy.js').CrossEntropyBackwardOptions} CrossEntropyBackwardOptions
 * @typedef {import('./crossentropy.js').CrossEntropyGradOptions} CrossEntropyGradOptions
 * @typedef {import('./softmaxbackward.js').SoftmaxBackwardOptions} SoftmaxBackwardOptions
 * @typedef {import('./softmaxbackward.js').SoftmaxGradOptions} SoftmaxGradOptions
 * @typedef {import('./guide.js').GuideOptions} GuideOptions
 * @typedef {import('./boltzmann.js').BoltzmannOptions} BoltzmannOptions
 * @typedef {import('./topk.js').TopK} TopK
 * @typedef {import('./instance.js').InitSource} InitSource
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {import('./options.js').Settings} Settings
 * @typedef {import('./order.js').Engine} Engine
 * @typedef {import('./engines.js').EngineName} EngineName
 * @typedef {import('./engines.js').EngineSupport} EngineSupport
 * @typedef {import('./engines.js').Unsupported} Unsupported
 * @typedef {import('./order.js').StageName} StageName
 * @typedef {import('./samplebatch.js').BatchOptions} BatchOptions
 * @typedef {import('./sampler.js').SampleOptions} SampleOptions
 * @typedef {import('./sampler.js').DistributionOptions} DistributionOptions
 * @typedef {import('./sampler.js').Distribution} Distribution
 * @typedef {import('./sampler.js').SampleNOptions} SampleNOptions
 * @typedef {import('./sampler.js').DraftOptions} DraftOptions
 * @typedef {import('./sampler.js').Verified} Verified
 * @typedef {import('./last.js').Last} Last
 * @typedef {import('./look.js').LookOptions} LookOptions
 * @typedef {import('./trace.js').TraceStage} TraceStage
 * @typedef {import('./logprobs.js').Logprobs} Logprobs
 * @typedef {import('./logprobs.js').LogprobsOptions} LogprobsOptions
 * @typedef {import('./samplefrom.js').SampleFromOptions} SampleFromOptions
 * @typedef {import('./sequence.js').Mask} Mask
 * @typedef {import('./tokens.js').Tokens} Tokens
 */
