import { firstSums, nextSums } from './adaptive.js';
import { nextMu } from './mirostat.js';

/** Mirostat's mu after the survivor at place `at` was drawn; a greedy choice moves nothing. */
export function mirostatState(mu, { probs, greedy }, at, options) {
  if (greedy || !options.mirostat) return mu;
  return nextMu(mu ?? 2 * (options.mirostatTau ?? 5), probs[at], options);
}

/** Adaptive-p's sums after a token was drawn. */
export function adaptiveState(sums, { original }, token, options) {
  return original ? nextSums(sums ?? firstSums(options), original.get(token), options) : sums;
}
