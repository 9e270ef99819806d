import { HIGHEST } from '../check.js';
import { isGreedy } from '../refusals.js';
import { readSampling, reasons, writeSampling } from './param.js';
import { common, commonOthers } from './transformers.js';

const IGNORED = 'transformers.js accepts it and does nothing';

/** @type {() => import('./param.js').Description} */
export const transformersJs = () => ({
  title: 'transformers.js',
  preset: { order: 'transformers.js', temperature: 0, topK: 50 },
  params: [{ name: 'temperature', option: 'temperature', min: 0, max: HIGHEST, fallback: 1 }, ...common()],
  handled: ['do_sample', 'logitBias'],
  others: {
    ...commonOthers(),
    ...reasons([
      ['top_p min_p typical_p epsilon_cutoff eta_cutoff top_h exponential_decay_length_penalty', IGNORED],
      ['sequence_bias', IGNORED],
      ['logits_processor stopping_criteria', 'is a program'],
    ]),
  },
  to(params, settings, unsupported) {
    for (const [id, b] of writeSampling(params, settings, isGreedy(settings.temperature))) {
      unsupported.push({ name: 'logitBias', value: { [id]: b }, why: 'transformers.js can only ban' });
    }
  },
  from: readSampling,
});
