/**
 * Plain JavaScript as well as we can write it: draws. The algorithms logitkit uses, where they help a scalar
 * engine too.
 */
import { expNegative, exponentials, maximum } from './tuned.js';

/** The k largest of a row, descending, ties by id: a sorted list that nearly every element fails to enter. */
class Largest {
  constructor(k) {
    this.values = new Float64Array(k);
    this.ids = new Int32Array(k);
  }

  /** Returns how many there are. */
  collect(row) {
    const { values, ids } = this;
    const n = row.length;
    const k = values.length;
    let count = 0;
    let i = 0;
    for (; i < n && count < k; i++) this.insert(row[i], i, count++);
    let least = values[k - 1];
    for (; i + 4 <= n; i += 4) {
      const p = row[i];
      const q = row[i + 1];
      const r = row[i + 2];
      const s = row[i + 3];
      if (p > least || q > least || r > least || s > least) {
        for (let j = i; j < i + 4; j++) {
          if (row[j] > least) {
            this.insert(row[j], j, k - 1);
            least = values[k - 1];
          }
        }
      }
    }
    for (; i < n; i++) {
      if (row[i] > least) {
        this.insert(row[i], i, k - 1);
        least = values[k - 1];
      }
    }
    return Math.min(ids.length, n);
  }

  /** Puts x in order into the first `count` entries and the free one behind them. */
  insert(x, id, count) {
    const { values, ids } = this;
    let at = count;
    while (at > 0 && values[at - 1] < x) {
      values[at] = values[at - 1];
      ids[at] = ids[at - 1];
      at--;
    }
    values[at] = x;
    ids[at] = id;
  }
}

/** Draws from a descending list after temperature, top-p and min-p; `weights` is scratch. */
function drawFromList(list, count, weights, { temperature = 1, topP = 1, minP = 0 }) {
  const { values, ids } = list;
  const inverse = 1 / temperature;
  let mass = 0;
  for (let i = 0; i < count; i++) {
    weights[i] = expNegative((values[i] - values[0]) * inverse);
    mass += weights[i];
  }
  let kept = count;
  let inside = mass;
  if (topP < 1) {
    kept = 0;
    inside = 0;
    while (kept < count && inside < topP * mass) inside += weights[kept++];
  }
  while (kept > 1 && weights[kept - 1] < minP) inside -= weights[--kept];
  let left = Math.random() * inside;
  let i = 0;
  while (i < kept - 1 && left >= weights[i]) left -= weights[i++];
  return ids[i];
}

const BLOCK = 64;

/**
 * Draws from the whole softmax without computing it: a block by a bound on its mass, the block's own
 * exponentials only then; a bound that proves too high is replaced by the sum and the draw repeated.
 */
class WholeDraw {
  constructor(n) {
    this.tops = new Float64Array(Math.ceil(n / BLOCK));
    this.weights = new Float64Array(BLOCK);
  }

  draw(row, inverse) {
    const { tops, weights } = this;
    const n = row.length;
    let max = Number.NEGATIVE_INFINITY;
    for (let b = 0, i = 0; b < tops.length; b++) {
      const end = Math.min(i + BLOCK, n);
      let p = Number.NEGATIVE_INFINITY;
      let q = p;
      for (; i + 2 <= end; i += 2) {
        if (row[i] > p) p = row[i];
        if (row[i + 1] > q) q = row[i + 1];
      }
      for (; i < end; i++) if (row[i] > p) p = row[i];
      if (q > p) p = q;
      tops[b] = p;
      if (p > max) max = p;
    }
    let total = 0;
    for (let b = 0; b < tops.length; b++) {
      tops[b] = BLOCK * expNegative((tops[b] - max) * inverse);
      total += tops[b];
    }
    for (;;) {
      let left = Math.random() * total;
      let b = 0;
      while (b < tops.length - 1 && left >= tops[b]) left -= tops[b++];
      const start = b * BLOCK;
      const size = Math.min(BLOCK, n - start);
      let sum = 0;
      for (let i = 0; i < size; i++) {
        weights[i] = expNegative((row[start + i] - max) * inverse);
        sum += weights[i];
      }
      if (left < sum) {
        let i = 0;
        while (i < size - 1 && left >= weights[i]) left -= weights[i++];
        return start + i;
      }
      total += sum - tops[b];
      tops[b] = sum;
    }
  }
}

/** Min-p alone: what is close enough to the maximum, then a scan. */
class MinPDraw {
  constructor(n) {
    this.ids = new Int32Array(n);
    this.weights = new Float64Array(n);
  }

  draw(row, { temperature = 1, minP }) {
    const { ids, weights } = this;
    const max = maximum(row);
    const cutoff = max + Math.log(minP) * temperature;
    const inverse = 1 / temperature;
    const n = row.length;
    let count = 0;
    let mass = 0;
    for (let i = 0; i < n; i += 4) {
      const end = Math.min(i + 4, n);
      if (
        end - i === 4 &&
        row[i] < cutoff &&
        row[i + 1] < cutoff &&
        row[i + 2] < cutoff &&
        row[i + 3] < cutoff
      )
        continue;
      for (let j = i; j < end; j++) {
        if (row[j] < cutoff) continue;
        const w = expNegative((row[j] - max) * inverse);
        ids[count] = j;
        weights[count++] = w;
        mass += w;
      }
    }
    let left = Math.random() * mass;
    let i = 0;
    while (i < count - 1 && left >= weights[i]) left -= weights[i++];
    return ids[i];
  }
}

/** Top-p alone, without sorting: draw from everything, keep the token if less than p stands above it. */
class TopPDraw {
  constructor(n) {
    this.weights = new Float32Array(n);
  }

  draw(row, { temperature = 1, topP }) {
    const { weights } = this;
    const total = exponentials(row, maximum(row), 1 / temperature, weights);
    const goal = topP * total;
    for (;;) {
      let left = Math.random() * total;
      let id = 0;
      while (id < weights.length - 1 && left >= weights[id]) left -= weights[id++];
      const x = row[id];
      let above = 0;
      for (let i = 0; i < weights.length; i++) if (row[i] > x) above += weights[i];
      for (let i = 0; above < goal && i < id; i++) if (row[i] === x) above += weights[i];
      if (above < goal) return id;
    }
  }
}

/**
 * The fastest of these that the options allow.
 * @param {number} n
 * @param {{temperature?: number, topK?: number, topP?: number, minP?: number, repetitionPenalty?: number}} options
 * @param {Int32Array} history
 * @returns {(row: Float32Array) => number}
 */
export function tunedDraw(n, options, history) {
  const draw = plainDraw(n, options);
  const { repetitionPenalty = 1 } = options;
  if (repetitionPenalty === 1) return draw;
  const before = new Float32Array(history.length);
  return (row) => {
    for (let i = 0; i < history.length; i++) {
      const x = row[history[i]];
      before[i] = x;
      row[history[i]] = x > 0 ? x / repetitionPenalty : x * repetitionPenalty;
    }
    const id = draw(row);
    for (let i = 0; i < history.length; i++) row[history[i]] = before[i];
    return id;
  };
}

function plainDraw(n, options) {
  if (options.topK > 0) {
    const list = new Largest(Math.min(options.topK, n));
    const weights = new Float64Array(list.ids.length);
    return (row) => drawFromList(list, list.collect(row), weights, options);
  }
  if (options.topP < 1) {
    const all = new TopPDraw(n);
    return (row) => all.draw(row, options);
  }
  if (options.minP > 0) {
    const likely = new MinPDraw(n);
    return (row) => likely.draw(row, options);
  }
  const whole = new WholeDraw(n);
  const inverse = 1 / (options.temperature ?? 1);
  return (row) => whole.draw(row, inverse);
}
