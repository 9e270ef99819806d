/** Drafts from the history, for `Sampler.verify`. */
import { checkNames, checkNumber, MOST } from './check.js';

const OPTIONS = ['max', 'min', 'ngram'];

/**
 * `Sampler.draft`, which says what it does. One walk back from the end: what matches longest wins, the latest of equals.
 * @param {import('./history.js').History} history
 * @param {import('./sampler.js').DraftOptions} options
 * @returns {Int32Array}
 */
export function draft(history, options) {
  checkNames('draft', options, OPTIONS);
  const { max = 8, ngram = 3, min = 1 } = options;
  checkNumber('draft: max', max, { min: 1, max: MOST, integer: true });
  checkNumber('draft: ngram', ngram, { min: 1, max: MOST, integer: true });
  checkNumber('draft: min', min, { min: 1, max: ngram, integer: true });
  const { first, end } = history;
  let from = end;
  let longest = min - 1;
  for (let q = end - 1; q > first && longest < ngram; q--) {
    let length = 0;
    while (
      length < ngram &&
      q - length > first &&
      history.at(q - 1 - length) === history.at(end - 1 - length)
    )
      length++;
    if (length <= longest) continue;
    longest = length;
    from = q;
  }
  const count = end - from < max ? end - from : max;
  return Int32Array.from({ length: count }, (_, i) => history.at(from + i));
}
