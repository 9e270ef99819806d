/**
 * softmax(x / T) of one row in float64, for results in which float32 weights would leave too few digits: differences of
 * entropies, losses near 0, gradients.
 */
import { f64 } from './arena.js';
import { HIGHEST } from './check.js';
import { logits, room } from './doubles.js';
import { core } from './instance.js';
import { maskedError } from './read.js';

/** Of one row at a time, in two of the places of doubles.js. */
/** @type {Float64Array} */
const NONE = /* @__PURE__ */ new Float64Array(0);

/** Of one row at a time. */
export class Law {
  /** (best - x) / T >= 0, Infinity where masked: ln p is -(depth + lnTotal). */
  depth = NONE;
  /** e^-depth. */
  weight = NONE;
  /** Sum of the weights. */
  total = 0;
  lnTotal = 0;
  /** Mean of the depths. */
  mean = 0;
  /** The likeliest: its depth is 0. */
  best = 0;

  /**
   * Of row r, in the first two places.
   * @param {import('./rows.js').Rows} input
   * @param {number} r
   * @param {number} T
   */
  of(input, r, T) {
    return this.weigh(input, r, T, logits(input, r, 0), room(input, 1));
  }

  /**
   * @param {import('./rows.js').Rows} input
   * @param {number} r
   * @param {number} T
   * @param {Float64Array} x a place with logits, which become depths
   * @param {Float64Array} weight a place
   */
  weigh(input, r, T, x, weight) {
    const { n } = input;
    let top = -1;
    let bottom = -1;
    let high = -Infinity;
    let low = Infinity;
    for (let i = 0; i < n; i++) {
      const value = x[i];
      if (value === -Infinity) continue;
      if (top < 0 || value > high) {
        high = value;
        top = i;
      }
      if (bottom < 0 || value < low) {
        low = value;
        bottom = i;
      }
    }
    if (top < 0) throw maskedError(input.name(r));

    const best = T < 0 ? bottom : top;
    const flat = T - T !== 0;
    // Halves where the whole difference is beyond float64. 0 has no sign here.
    const scale = high - low > HIGHEST ? 0.5 : 1;
    const heat = (T || 0) * scale;
    const most = x[best];
    for (let i = 0; i < n; i++) {
      const value = x[i];
      if (value === -Infinity) x[i] = Infinity;
      else x[i] = flat || value === most ? 0 : (most * scale - value * scale) / heat;
    }
    const sums = input.cell >>> 3;
    this.total = core().lk_weigh(x.byteOffset, n, best, weight.byteOffset, input.cell);
    this.lnTotal = f64[sums];
    this.mean = f64[sums + 1];
    this.depth = x;
    this.weight = weight;
    this.best = best;
    return this;
  }

  /** The mean of a value under the law; where the probability is 0 it does not count. @param {(i: number) => number} value */
  expect(value) {
    const { weight } = this;
    let sum = 0;
    for (let i = 0; i < weight.length; i++) if (weight[i] > 0) sum += weight[i] * value(i);
    return sum / this.total;
  }
}
