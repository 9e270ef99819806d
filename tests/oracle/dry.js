import { round } from './round.js';

/** The largest exponent that llama.cpp allows: ln of the largest float32 over ln base. */
const LOG_MAX = 88.7228391;

/**
 * Don't Repeat Yourself (p-e-w 2024), by llama.cpp's rule: a token that would extend a repetition of L tokens of the
 * history's end, L >= allowed, loses multiplier base^(L - allowed), L being the longest for that token. Looked up place
 * by place: no Z-algorithm.
 *
 * @param {import('./chain.js').State} state
 */
export function dry(state, { options, context }) {
  const { dryMultiplier = 0, dryBase = 1.75, dryAllowedLength = 2, dryLastN = -1 } = options;
  const all = context.history ?? [];
  const history = dryLastN < 0 ? all : all.slice(Math.max(0, all.length - dryLastN));
  if (dryMultiplier === 0 || dryBase < 1 || history.length === 0) return;
  const breakers = options.drySequenceBreakers ?? [];
  const limit = tokensSinceBreaker(history, breakers);
  const longest = new Map();
  for (let end = 0; end + 1 < history.length; end++) {
    const length = Math.min(limit, repetition(history, end));
    if (length < dryAllowedLength) continue;
    const next = history[end + 1];
    longest.set(next, Math.max(longest.get(next) ?? 0, length));
  }
  for (const breaker of breakers) if (breaker.length === 1) longest.delete(breaker[0]);
  const most = dryBase > 1.000001 ? Math.trunc(LOG_MAX / Math.log(dryBase)) : Number.POSITIVE_INFINITY;
  state.survivors = state.survivors.map(({ id, x }) => {
    if (!longest.has(id)) return { id, x };
    const exponent = Math.min(longest.get(id) - dryAllowedLength, most);
    return { id, x: round(x, x - dryMultiplier * dryBase ** exponent) };
  });
}

/** How many tokens that end at `end` are also the last of the history. */
function repetition(history, end) {
  let length = 0;
  while (length <= end && history[end - length] === history.at(-1 - length)) length++;
  return length;
}

/**
 * How many tokens stand behind the breaker whose first token is nearest to the end; of several with that first token
 * the longest counts.
 */
function tokensSinceBreaker(history, breakers) {
  for (let start = history.length - 1; start >= 0; start--) {
    const there = breakers.filter((b) => b.every((token, i) => history[start + i] === token));
    if (there.length > 0) return history.length - start - Math.max(...there.map((b) => b.length));
  }
  return history.length;
}
