/** Which stages may change places without changing the law. */
import { OPTIONS } from './options.js';
import { isActive } from './refusals.js';

/** Stages that only take tokens away, whatever their logits. */
const BANS = ['mask', 'suppress', 'minTokens', 'forced', 'badWords', 'noRepeatNgram'];
/** Stages that change logits one by one. */
const EDITS = ['bias', 'lengthPenalty', 'penalties', 'dry'];
/** Pairs of others: a temperature above 0 scales, top-k looks at ranks, min-p at the maximum, top-n-sigma at both scaled alike. */
const FREE = ['temperature topK', 'temperature topNSigma', 'topK minP'];

/** @param {string} a @param {string} b @param {import('./options.js').Settings} settings */
function commute(a, b, settings) {
  const banned = BANS.includes(a) || BANS.includes(b);
  if (banned && [a, b].every((stage) => BANS.includes(stage) || EDITS.includes(stage))) return true;
  if (!FREE.includes(`${a} ${b}`) && !FREE.includes(`${b} ${a}`)) return false;
  const scales = settings.temperature > 0 && !isActive(settings, 'dynatempRange');
  return scales || (a !== 'temperature' && b !== 'temperature');
}

/**
 * Two stages that act, in their order there, if it is the other way round here and makes a difference.
 * @param {import('./options.js').Settings} settings
 * @param {readonly string[]} here
 * @param {readonly string[]} there
 * @returns {[string, string] | null}
 */
export function inverted(settings, here, there) {
  const acting = new Set(
    Object.values(OPTIONS)
      .filter(({ name }) => isActive(settings, name))
      .map(({ stage }) => stage),
  );
  const stages = there.filter((stage) => acting.has(/** @type {any} */ (stage)) && here.includes(stage));
  for (let i = 0; i < stages.length; i++) {
    for (let j = i + 1; j < stages.length; j++) {
      const [first, second] = [stages[i], stages[j]];
      if (here.indexOf(first) > here.indexOf(second) && !commute(first, second, settings))
        return [first, second];
    }
  }
  return null;
}
