import { ABOVE_0, HIGHEST } from '../check.js';
import { isActive } from '../refusals.js';
import { HOST, LENGTH, reasons } from './param.js';

/** Penalty options with the parameter that says how many tokens they look back. */
const WINDOWS = /** @type {const} */ ([
  ['repetitionPenalty', 'repetition_context_size'],
  ['presencePenalty', 'presence_context_size'],
  ['frequencyPenalty', 'frequency_context_size'],
]);
const DEFAULT_WINDOW = 20;
/** A window that no sequence fills: its words for "all". */
const EVERYTHING = 2147483647;

/** @type {() => import('./param.js').Description} */
export const mlx = () => ({
  title: 'MLX-LM',
  preset: { order: 'mlx', temperature: 0, penaltyLastN: DEFAULT_WINDOW },
  params: [
    { name: 'temp', option: 'temperature', min: 0, max: HIGHEST },
    { name: 'top_p', option: 'topP', off: [0], min: ABOVE_0 },
    { name: 'min_p', option: 'minP' },
    { name: 'min_tokens_to_keep', option: 'minKeep' },
    { name: 'top_k', option: 'topK' },
    { name: 'xtc_probability', option: 'xtcProbability' },
    { name: 'xtc_threshold', option: 'xtcThreshold', max: 0.5 },
    { name: 'repetition_penalty', option: 'repetitionPenalty', off: [0] },
    { name: 'presence_penalty', option: 'presencePenalty' },
    { name: 'frequency_penalty', option: 'frequencyPenalty' },
    { name: 'logit_bias', option: 'logitBias', write: (bias) => Object.fromEntries(bias) },
  ],
  handled: ['penaltyLastN', ...WINDOWS.map(([, window]) => window)],
  others: reasons([
    ['xtc_special_tokens', 'tokens that XTC leaves alone: there is no such option'],
    ['max_tokens', LENGTH],
    ['prompt model verbose max_kv_size', HOST],
  ]),
  to(params, settings) {
    const size = settings.penaltyLastN < 0 ? EVERYTHING : settings.penaltyLastN;
    for (const [option, window] of WINDOWS) {
      if (size > 0 && isActive(settings, option)) params[window] = size;
    }
  },
  from(options, params, unsupported) {
    const used = WINDOWS.filter(([option]) => options[option] !== undefined);
    const sizes = (used.length > 0 ? used : WINDOWS.slice(0, 1)).map(
      ([, window]) => params[window] ?? DEFAULT_WINDOW,
    );
    const [size] = sizes;
    // tokens[-0:] is everything, too.
    options.penaltyLastN = size === EVERYTHING || size === 0 ? -1 : size;
    used.forEach(([, window], i) => {
      if (sizes[i] !== size)
        unsupported.push({ name: window, value: sizes[i], why: `all penalties look back ${size}` });
    });
    if (options.temperature === 0)
      drop(options, params, unsupported, 'xtcProbability', 'xtc_probability', 'at temp 0');
    const others =
      options.topP !== undefined || options.topK !== undefined || options.xtcProbability !== undefined;
    if (others)
      drop(options, params, unsupported, 'minKeep', 'min_tokens_to_keep', 'for other truncations than min-p');
  },
});

/**
 * Takes an option away that MLX does not heed.
 * @param {Record<string, any>} options
 * @param {Record<string, any>} params
 * @param {import('./param.js').Unsupported[]} unsupported
 * @param {string} option
 * @param {string} param
 * @param {string} when
 */
function drop(options, params, unsupported, option, param, when) {
  if (options[option] === undefined) return;
  delete options[option];
  unsupported.push({ name: param, value: params[param], why: `MLX does not heed it ${when}` });
}
