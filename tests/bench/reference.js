/**
 * What the answers must be, in float64 by full sort: slow, plain, and shared with no implementation.
 */

/** The row's values from the largest to the smallest. */
export function descending(row) {
  return Float32Array.from(row).sort().reverse();
}

/** Softmax of row / T in float64, and its logarithm of the sum. */
export function softmax(row, temperature = 1) {
  let max = Number.NEGATIVE_INFINITY;
  for (const x of row) if (x > max) max = x;
  const probs = Float64Array.from(row, (x) => Math.exp((x - max) / temperature));
  let sum = 0;
  let carry = 0;
  for (const p of probs) {
    const term = p - carry;
    const next = sum + term;
    carry = next - sum - term;
    sum = next;
  }
  for (let i = 0; i < probs.length; i++) probs[i] /= sum;
  return { probs, logSum: max / temperature + Math.log(sum) };
}

export function argmax(row) {
  let best = 0;
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i;
  return best;
}

/** How far the crossing point of top-p may move by rounding, as a share of the mass. */
const CROSSING = 2e-6;

/**
 * The law of a draw: temperature, top-k, top-p, min-p in that order, each on what the one before kept.
 * Every filter keeps a prefix of the sorted row, so a law is a cutoff, and at the cutoff the lowest ids.
 *
 * @param {Float32Array} row
 * @param {{temperature?: number, topK?: number, topP?: number, minP?: number}} options
 */
export function law(row, { temperature = 1, topK = 0, topP = 1, minP = 0 }) {
  const sorted = descending(row);
  const max = sorted[0];
  const weight = (x) => Math.exp((x - max) / temperature);
  let kept = topK > 0 ? Math.min(topK, sorted.length) : sorted.length;
  let allowed = kept;
  if (topP < 1) {
    let total = 0;
    for (let i = 0; i < kept; i++) total += weight(sorted[i]);
    [kept, allowed] = [
      crossing(sorted, weight, total * topP, kept),
      crossing(sorted, weight, total * (topP + CROSSING), kept),
    ];
  }
  if (minP > 0) {
    kept = atLeast(sorted, weight, minP, kept);
    allowed = atLeast(sorted, weight, minP * (1 - CROSSING), allowed);
  }
  let mass = 0;
  let energy = 0;
  let energy2 = 0;
  for (let i = 0; i < kept; i++) {
    const d = (max - sorted[i]) / temperature;
    const w = weight(sorted[i]);
    mass += w;
    energy += w * d;
    energy2 += w * d * d;
  }
  const logMass = Math.log(mass);
  const mean = energy / mass;
  return {
    kept,
    entropy: mean + logMass,
    variance: Math.max(0, energy2 / mass - mean * mean),
    surprisal: (id) => (max - row[id]) / temperature + logMass,
    allows: (id) => allowsId(row, sorted, allowed, id),
  };
}

function crossing(sorted, weight, goal, limit) {
  let mass = 0;
  for (let i = 0; i < limit; i++) {
    mass += weight(sorted[i]);
    if (mass >= goal) return i + 1;
  }
  return limit;
}

function atLeast(sorted, weight, least, limit) {
  let i = 1;
  while (i < limit && weight(sorted[i]) >= least) i++;
  return i;
}

/** Whether id stands among the first `kept` by (logit descending, id ascending). */
function allowsId(row, sorted, kept, id) {
  const x = row[id];
  const cutoff = sorted[kept - 1];
  if (!(x >= cutoff)) return false;
  if (x > cutoff) return true;
  let above = kept;
  while (above > 0 && sorted[above - 1] === cutoff) above--;
  let rank = above;
  for (let i = 0; i < id; i++) if (row[i] === cutoff) rank++;
  return rank < kept;
}

/** x > 0 ? x / r : x * r for each id, as float32. */
export function penalised(row, ids, penalty) {
  const copy = Float32Array.from(row);
  for (const id of ids) copy[id] = copy[id] > 0 ? copy[id] / penalty : copy[id] * penalty;
  return copy;
}
