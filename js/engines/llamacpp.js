import { LARGEST } from '../check.js';
import { rulesOf } from '../order.js';
import { isActive, isGreedy } from '../refusals.js';
import { BESIDE_MIROSTAT } from '../rules.js';
import { GRAMMAR, HOST, LENGTH, reasons, seed, TEXT } from './param.js';

/** Its samplers by name, in its default order, and the stages they are. */
const SAMPLERS = /** @type {const} */ ({
  penalties: 'penalties',
  dry: 'dry',
  top_n_sigma: 'topNSigma',
  top_k: 'topK',
  typ_p: 'typical',
  top_p: 'topP',
  min_p: 'minP',
  xtc: 'xtc',
  temperature: 'temperature',
});
const ADAPTIVE = 'adaptive_p';

/** What mirostat replaces. @type {() => readonly string[]} */
const replaced = () => [...BESIDE_MIROSTAT, 'penaltyLastN'];
const IGNORED = 'llama.cpp ignores it beside mirostat';

/** What DRY breaks at when it is told nothing; a list without any is refused. */
const BREAKERS = ['\n', ':', '"', '*'];
const BREAKS = `dry_sequence_breakers ${TEXT}`;

/** 32 bits, the highest of which means: a random one. */
const RANDOM = 4294967295;

/** @type {() => import('./param.js').Param[]} */
const parameters = () => [
  // A float, and JSON has no infinity.
  { name: 'temperature', option: 'temperature', min: 0, max: LARGEST, read: (t) => (t < 0 ? 0 : t) },
  { name: 'dynatemp_range', option: 'dynatempRange' },
  { name: 'dynatemp_exponent', option: 'dynatempExponent' },
  { name: 'top_k', option: 'topK', max: 2147483647, read: (k) => (k < 0 ? 0 : k) },
  { name: 'top_p', option: 'topP' },
  { name: 'min_p', option: 'minP' },
  { name: 'top_n_sigma', option: 'topNSigma', off: [-1], read: (n) => (n < 0 ? 0 : n) },
  { name: 'typical_p', option: 'typicalP' },
  { name: 'min_keep', option: 'minKeep', off: [0] },
  { name: 'xtc_probability', option: 'xtcProbability' },
  { name: 'xtc_threshold', option: 'xtcThreshold' },
  { name: 'repeat_last_n', option: 'penaltyLastN' },
  { name: 'repeat_penalty', option: 'repetitionPenalty' },
  { name: 'frequency_penalty', option: 'frequencyPenalty' },
  { name: 'presence_penalty', option: 'presencePenalty' },
  { name: 'dry_multiplier', option: 'dryMultiplier' },
  { name: 'dry_base', option: 'dryBase' },
  { name: 'dry_allowed_length', option: 'dryAllowedLength' },
  { name: 'dry_penalty_last_n', option: 'dryLastN' },
  { name: 'mirostat', option: 'mirostat' },
  { name: 'mirostat_tau', option: 'mirostatTau' },
  { name: 'mirostat_eta', option: 'mirostatEta' },
  { name: 'adaptive_target', option: 'adaptiveTarget', read: (t) => (t < 0 ? -1 : t) },
  { name: 'adaptive_decay', option: 'adaptiveDecay' },
  {
    name: 'logit_bias',
    option: 'logitBias',
    // JSON has no infinity: false bans.
    write: (bias) => Array.from(bias, ([id, b]) => [id, b === -Infinity ? false : b]),
    read(value) {
      const entries = Array.isArray(value) ? value : Object.entries(value);
      return new Map(entries.map(([id, b]) => [Number(id), b === false ? -Infinity : b]));
    },
  },
  { ...seed(RANDOM - 1, 'llama.cpp'), off: [RANDOM, -1] },
];

/** @type {() => import('./param.js').Description} */
export const llamaCpp = () => ({
  title: 'llama.cpp',
  preset: { order: 'llama.cpp', temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, penaltyLastN: 64 },
  params: parameters(),
  handled: ['samplers'],
  others: reasons([
    ['n_predict stop t_max_predict_ms n_indent n_keep ignore_eos', LENGTH],
    ['grammar json_schema', GRAMMAR],
    ['dry_sequence_breakers', BREAKS],
    [
      'prompt stream n_probs post_sampling_probs cache_prompt return_tokens timings_per_token return_progress response_fields lora id_slot n_cmpl n_cache_reuse messages model n_discard',
      HOST,
    ],
  ]),
  lacks: { drySequenceBreakers: BREAKS },
  to(params, settings, unsupported) {
    if (isActive(settings, 'mirostat')) {
      for (const option of replaced()) {
        if (isActive(settings, option)) {
          const value = /** @type {Record<string, any>} */ (settings)[option];
          unsupported.push({ name: option, value, why: IGNORED });
        }
        delete params[/** @type {any} */ (parameters().find((param) => param.option === option)).name];
      }
      return;
    }
    // With its own rules a range moves a temperature of 0, too.
    if (settings.order !== 'llama.cpp' && isGreedy(settings.temperature)) delete params.dynatemp_range;
    const repeats = isActive(settings, 'dryMultiplier') && settings.dryLastN !== 0;
    if (repeats && !isActive(settings, 'drySequenceBreakers')) {
      const why = `it breaks at ${JSON.stringify(BREAKERS)} by default`;
      unsupported.push({ name: 'drySequenceBreakers', value: [], why });
    }
    const samplers = samplersOf(settings);
    if (samplers.length > 0) params.samplers = samplers;
  },
  from(options, params, unsupported) {
    const { samplers = Object.keys(SAMPLERS) } = params;
    if (!Array.isArray(samplers)) throw new TypeError('fromEngine: samplers must be an array of names');
    /** @type {string[]} */
    const stages = [];
    for (const name of samplers) {
      const stage = name === ADAPTIVE ? 'adaptive' : SAMPLERS[/** @type {keyof typeof SAMPLERS} */ (name)];
      if (stage === undefined)
        unsupported.push({ name: 'samplers', value: name, why: 'there is no such stage' });
      else if (stages.includes(stage))
        unsupported.push({ name: 'samplers', value: name, why: 'a stage acts once' });
      else stages.push(stage);
    }
    if (options.mirostat > 0) {
      for (const { name, option } of parameters()) {
        if (!replaced().includes(option) || options[option] === undefined) continue;
        delete options[option];
        if (params[name] !== undefined) unsupported.push({ name, value: params[name], why: IGNORED });
      }
      return;
    }
    if (!stages.includes('adaptive')) delete options.adaptiveTarget;
    for (const { option } of parameters()) {
      const stage = STAGE_OF[option];
      if (stage !== undefined && !stages.includes(stage)) delete options[option];
    }
    const repeats = options.dryMultiplier !== undefined && options.dryLastN !== 0;
    if (repeats && params.dry_sequence_breakers === undefined)
      unsupported.push({ name: 'dry_sequence_breakers', value: [...BREAKERS], why: BREAKS });
    if (params.samplers === undefined) return;
    const usual = Object.values(SAMPLERS);
    const rest = stages.filter((stage) => stage !== 'adaptive');
    if (
      rest.every(
        (stage, i) =>
          i === 0 ||
          usual.indexOf(/** @type {any} */ (rest[i - 1])) < usual.indexOf(/** @type {any} */ (stage)),
      )
    )
      return;
    options.order = ['mask', 'bias', ...rest, ...(stages.includes('adaptive') ? ['adaptive'] : []), 'draw'];
  },
});

/** Options by the sampler that they switch on. @type {Readonly<Record<string, string>>} */
const STAGE_OF = {
  temperature: 'temperature',
  dynatempRange: 'temperature',
  topK: 'topK',
  topP: 'topP',
  minP: 'minP',
  topNSigma: 'topNSigma',
  typicalP: 'typical',
  xtcProbability: 'xtc',
  repetitionPenalty: 'penalties',
  frequencyPenalty: 'penalties',
  presencePenalty: 'penalties',
  penaltyLastN: 'penalties',
  dryMultiplier: 'dry',
};

/**
 * Its parameter of that name: our stages in our order. Empty where its default says the same.
 * @param {import('./param.js').Settings} settings
 */
function samplersOf(settings) {
  const ends = isActive(settings, 'adaptiveTarget') ? [ADAPTIVE] : [];
  const { order } = settings;
  const names = /** @type {(keyof typeof SAMPLERS)[]} */ (Object.keys(SAMPLERS));
  if (order === 'llama.cpp') return ends.length > 0 ? [...names, ...ends] : [];
  const stages = rulesOf('toEngine: order', order).order;
  const listed = names.filter((name) => stages.includes(/** @type {any} */ (SAMPLERS[name])));
  listed.sort(
    (a, b) =>
      stages.indexOf(/** @type {any} */ (SAMPLERS[a])) - stages.indexOf(/** @type {any} */ (SAMPLERS[b])),
  );
  return [...listed, ...ends];
}
