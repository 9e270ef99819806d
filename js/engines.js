/** Settings that move between engines: what each does by default, and how its parameters and our options translate. */
import { LK } from '../dist/abi.js';
import { ABOVE_0, checkNumber, nearest, show } from './check.js';
import { llamaCpp } from './engines/llamacpp.js';
import { logitkit } from './engines/logitkit.js';
import { mlx } from './engines/mlx.js';
import { openai } from './engines/openai.js';
import { transformers } from './engines/transformers.js';
import { transformersJs } from './engines/transformersjs.js';
import { vllm } from './engines/vllm.js';
import { webLlm } from './engines/webllm.js';
import { OPTIONS } from './options.js';
import { isEngine, rulesOf } from './order.js';
import { conflictsOf, isActive } from './refusals.js';
import { planOf } from './settings.js';
import { inverted } from './stages.js';

/**
 * @typedef {import('./engines/param.js').Unsupported} Unsupported
 * @typedef {import('./engines/param.js').Param} Param
 * @typedef {import('./engines/param.js').Description} Description
 * @typedef {import('./options.js').SamplerOptions} SamplerOptions
 * @typedef {'logitkit' | 'llama.cpp' | 'vllm' | 'transformers' | 'transformers.js' | 'mlx' | 'web-llm' | 'openai'} EngineName
 *
 * What there is for one engine.
 * @typedef {object} EngineSupport
 * @property {string} title
 * @property {boolean} order its name is an `order`: its stages, by its rules
 * @property {boolean} presets
 * @property {boolean} toEngine
 * @property {boolean} fromEngine
 */

/** What says all of an engine: made when it is needed, so that a bundle which does not need it leaves it out. */
export const MAKERS = {
  logitkit,
  'llama.cpp': llamaCpp,
  vllm,
  transformers,
  'transformers.js': transformersJs,
  mlx,
  'web-llm': webLlm,
  openai,
};

/** @returns {Record<EngineName, Description>} */
const descriptions = () =>
  /** @type {any} */ (Object.fromEntries(Object.entries(MAKERS).map(([name, make]) => [name, make()])));

/**
 * What there is for which engine.
 * @type {Readonly<Record<EngineName, Readonly<EngineSupport>>>}
 */
export const ENGINES = /* @__PURE__ */ forEach(({ title, params }, name) => ({
  title,
  order: isEngine(name),
  presets: true,
  toEngine: params !== undefined,
  fromEngine: params !== undefined,
}));

/**
 * What each engine does when it is told nothing, as options: `new Sampler(n, presets['llama.cpp'])`. Whatever is not
 * listed is neutral there.
 * @type {Readonly<Record<EngineName, Readonly<SamplerOptions>>>}
 */
export const presets = /* @__PURE__ */ forEach(({ preset }) => ({ ...preset }));

/**
 * @template T
 * @param {(description: Description, name: EngineName) => T} make
 * @returns {Readonly<Record<EngineName, Readonly<T>>>}
 */
function forEach(make) {
  const entries = Object.entries(descriptions());
  return /** @type {any} */ (
    Object.freeze(
      Object.fromEntries(
        entries.map(([name, d]) => [name, Object.freeze(make(d, /** @type {EngineName} */ (name)))]),
      ),
    )
  );
}

/** @param {string} where @param {unknown} engine */
function descriptionOf(where, engine) {
  const all = descriptions();
  const names = /** @type {EngineName[]} */ (Object.keys(all)).filter((name) => all[name].params);
  if (typeof engine !== 'string' || !names.includes(/** @type {EngineName} */ (engine))) {
    const near = typeof engine === 'string' ? nearest(engine, names) : '';
    const Kind = typeof engine === 'string' ? RangeError : TypeError;
    throw new Kind(
      `${where}: engine must be one of ${names.map(show).join(', ')}, got ${show(engine)}${near ? `; did you mean '${near}'?` : ''}`,
    );
  }
  const description = all[/** @type {EngineName} */ (engine)];
  return { name: /** @type {EngineName} */ (engine), description, params: description.params ?? [] };
}

/** Options that say nothing about the next token, or that `compare` looks after. */
const APART = ['order', 'logprobs', 'maxHistory', 'repetitionScope', 'frequencyScope'];
const PENALTIES = ['repetitionPenalty', 'frequencyPenalty', 'presencePenalty'];

/**
 * Options of a Sampler as parameters of an engine. Its parameters are written where they are needed: where an option is
 * active, and where it is not but the engine's default would be. The law is then the same, up to rounding and to which
 * of several equal logits a truncation keeps; what is not the same is in `unsupported`. A seed means the engine's own
 * generator: it repeats there, but gives other tokens than here.
 *
 * @param {SamplerOptions} options
 * @param {EngineName} engine one with `toEngine` in `ENGINES`
 * @returns {{ params: Record<string, any>, unsupported: Unsupported[] }}
 * @throws {TypeError | RangeError} as `new Sampler`; an engine without parameters
 */
export function toEngine(options, engine) {
  const { name, description, params: known } = descriptionOf('toEngine', engine);
  const { settings, rules } = planOf('toEngine', options, LK.MAX_VOCAB);
  const values = /** @type {Record<string, any>} */ (settings);
  /** @type {Record<string, any>} */
  const params = {};
  /** @type {Unsupported[]} */
  const unsupported = [];
  const { handled = [], lacks = {}, preset } = description;
  for (const { name: option } of Object.values(OPTIONS)) {
    if (APART.includes(option) || (option === 'seed' && options?.seed === undefined)) continue;
    const active = isActive(settings, option) && !(settings.penaltyLastN === 0 && PENALTIES.includes(option));
    const param = known.find((p) => p.option === option);
    const value = values[option];
    if (!param) {
      const why = lacks[option] ?? `${description.title} has no such parameter`;
      if (active && !handled.includes(option)) unsupported.push({ name: option, value, why });
    } else if (active) {
      writeParam(
        params,
        param,
        value,
        (part, why) => unsupported.push({ name: option, value: part, why }),
        description,
      );
    } else if (option in preset) {
      params[param.name] = param.off?.[0] ?? value;
    }
  }
  description.to?.(params, settings, unsupported);
  compare(settings, rules, name, description, unsupported);
  return { params, unsupported };
}

/**
 * @param {Record<string, any>} params
 * @param {Param} param
 * @param {any} value
 * @param {import('./engines/param.js').Refuse} refuse
 * @param {Description} description
 */
function writeParam(params, { name, min = -Infinity, max = Infinity, write }, value, refuse, { title }) {
  if (typeof value === 'number' && !(value >= min && value <= max)) {
    const least = min === ABOVE_0 ? 'above 0' : `from ${min}`;
    refuse(value, `${title} takes it ${least}${max === Infinity ? '' : ` to ${max}`}`);
    return;
  }
  const written = write ? write(value, refuse) : value;
  if (written !== undefined) params[name] = written;
}

/**
 * Where the same parameters mean something else in the engine: its order, and what its penalties count.
 * @param {import('./options.js').Settings} settings
 * @param {import('./order.js').Rules} rules
 * @param {EngineName} name
 * @param {Description} description
 * @param {Unsupported[]} unsupported
 */
function compare(settings, rules, name, { title }, unsupported) {
  if (!isEngine(name) || settings.order === name) return;
  const theirs = rulesOf('toEngine', name);
  for (const { option, why } of conflictsOf(settings, theirs)) {
    if (unsupported.some((one) => one.name === option)) continue;
    unsupported.push({ name: option, value: /** @type {Record<string, unknown>} */ (settings)[option], why });
  }
  // llama.cpp is told the order.
  const pair = name === 'llama.cpp' ? null : inverted(settings, rules.order, theirs.order);
  if (pair) {
    const [first, second] = pair;
    unsupported.push({ name: 'order', value: settings.order, why: `${title} has ${first} before ${second}` });
  }
  const counted = settings.penaltyLastN !== 0;
  for (const [option, ...penalties] of /** @type {const} */ ([
    ['repetitionScope', 'repetitionPenalty'],
    ['frequencyScope', 'frequencyPenalty', 'presencePenalty'],
  ])) {
    const [scope] = theirs[`${option}s`];
    const value = settings[option] ?? rules[`${option}s`][0];
    if (counted && value !== scope && penalties.some((penalty) => isActive(settings, penalty))) {
      unsupported.push({ name: option, value, why: `${title} counts ${scope}` });
    }
  }
  compareRules(settings, theirs.flags, rules.flags, title, unsupported);
}

/**
 * Rules of the core that only one of the two orders has.
 * @param {import('./options.js').Settings} settings
 * @param {number} theirs
 * @param {number} ours
 * @param {string} title
 * @param {Unsupported[]} unsupported
 */
function compareRules(settings, theirs, ours, title, unsupported) {
  const active = (/** @type {string} */ option) => isActive(settings, option);
  const { repetitionPenalty, penaltyLastN, topK, minKeep } = settings;
  const added = active('frequencyPenalty') || active('presencePenalty');
  if (
    (theirs ^ ours) & LK.RULE_REPETITION_LAST &&
    added &&
    active('repetitionPenalty') &&
    penaltyLastN !== 0
  ) {
    const why = `${title} has it elsewhere among the penalties`;
    unsupported.push({ name: 'repetitionPenalty', value: repetitionPenalty, why });
  }
  const least = active('topNSigma') ? 1 : topK || minKeep;
  if (theirs & LK.RULE_BARE_TOP_K && minKeep > least)
    unsupported.push({ name: 'minKeep', value: minKeep, why: 'not for its top-k and top-n-sigma' });
}

/**
 * An engine's parameters as options of a Sampler that does what the engine would do with them: parameters that are not
 * given have its defaults. `order` is the engine's name where that is an order.
 *
 * Whatever cannot be expressed is in `unsupported` with the reason, and so are parameters that nobody knows: a request's
 * body may be given as it is.
 *
 * @param {Record<string, any>} params by the engine's names; null is "not given"
 * @param {EngineName} engine one with `fromEngine` in `ENGINES`
 * @returns {{ options: SamplerOptions, unsupported: Unsupported[] }}
 * @throws {TypeError | RangeError} a value that the parameter cannot have; an engine without parameters
 */
export function fromEngine(params, engine) {
  const { description, params: known } = descriptionOf('fromEngine', engine);
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw new TypeError(`fromEngine: params must be an object, got ${show(params)}`);
  }
  const { preset, handled = [], others = {}, title } = description;
  const given = Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined && value !== null),
  );
  /** @type {Record<string, any>} */
  const options = {};
  for (const param of known) {
    const option = /** @type {Record<string, any>} */ (OPTIONS)[param.option];
    const start = param.fallback ?? /** @type {Record<string, any>} */ (preset)[param.option];
    const value = param.name in given ? readParam(param, option, given[param.name]) : start;
    if (value !== undefined && value !== option.neutral) options[param.option] = value;
  }
  /** @type {Unsupported[]} */
  const unsupported = [];
  // Of what is looked after, options of ours are for toEngine.
  const names = [...known.map(({ name }) => name), ...handled.filter((name) => !(name in OPTIONS))];
  for (const [name, value] of Object.entries(given)) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    const why = others[name] ?? `${title} has no such parameter${near ? `; did you mean ${near}?` : ''}`;
    unsupported.push({ name, value, why });
  }
  if (preset.order !== undefined) options.order = preset.order;
  description.from?.(options, given, unsupported);
  endless(options, known, given, unsupported);
  // Whatever is wrong with them together is said now, and not when a Sampler is made. Any seed will do for that.
  planOf('fromEngine', { seed: 0, ...options }, LK.MAX_VOCAB);
  return { options, unsupported };
}

/**
 * Takes away what speaks of the tokens that end a text when nobody says which they are: an engine has that from its model.
 * @param {Record<string, any>} options
 * @param {readonly Param[]} known
 * @param {Record<string, any>} given
 * @param {Unsupported[]} unsupported
 */
function endless(options, known, given, unsupported) {
  if (options.eosTokens !== undefined) return;
  for (const { name, option } of known) {
    if (options[option] === undefined || (option !== 'minTokens' && option !== 'lengthPenalty')) continue;
    delete options[option];
    unsupported.push({ name, value: given[name], why: 'it needs the tokens that end a text: eosTokens' });
  }
}

/** @param {Param} param @param {any} option @param {any} value */
function readParam({ name, off = [], read, min, max }, option, value) {
  if (off.includes(value)) return option.neutral;
  if (option.kind === 'number' || option.kind === 'integer') {
    const what = `fromEngine: ${name}`;
    const integer = option.kind === 'integer';
    if (read) {
      checkNumber(what, value, { min: -Infinity, max: Infinity, integer });
      return read(value);
    }
    return checkNumber(what, value, { min: min ?? option.min, max: max ?? option.max, integer });
  }
  return read ? read(value) : value;
}
