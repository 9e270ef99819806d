/** The test under a histogram of draws. */
import { chiSquare } from '../chi.js';
import { math, mi, mn, mo, quantity, setTerms, sup } from '../dom.js';
import { percent } from '../format.js';
import { remembers } from './drawrun.js';

/**
 * Whether the counts could well have come from the law.
 * @param {HTMLElement} terms @param {HTMLElement} text
 * @param {import('../state.js').State} state @param {{counts: number[], probs: number[]}} run */
export function showTest(terms, text, state, { counts, probs }) {
  const { statistic, df, p } = chiSquare(counts, probs);
  const fits = df > 0 && !remembers(state);
  setTerms(
    terms,
    fits
      ? [
          math(sup(mi('χ'), mn('2')), mo('='), quantity(statistic)),
          math(mi('df'), mo('='), mn(String(df))),
          math(mi('p'), mo('='), quantity(p)),
        ]
      : [],
  );
  let said = counts.some((each) => each > 0)
    ? 'Too few draws for a test: it needs two tokens that are expected 5 times each.'
    : 'Nothing drawn yet, so there is nothing to compare.';
  if (remembers(state))
    said = 'The chain remembers what it drew, so the law changes from draw to draw: no test.';
  else if (fits) {
    const often = p < 0.001 ? 'fewer than 1 in 1,000' : `${percent(p)} of`;
    said =
      `By chance alone, ${often} runs of this length are at least this far from the law.` +
      (p < 0.001 ? ' Look for a fault, or try the next seed.' : '');
  }
  text.textContent = said;
}
