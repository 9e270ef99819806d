import { LK } from '../dist/abi.js';
import { isInside } from './alloc.js';
import { allocate, f32, release } from './arena.js';
import { checkBoolean, checkNames, checkNumber, LARGEST, show } from './check.js';
import { LogitsError } from './errors.js';
import { core } from './instance.js';
import { checkAttached, copyRow, emptyError, formatOf, nanError, revived } from './read.js';
import { checkedOut } from './rows.js';

/**
 * @typedef {object} AttentionOptions
 * @property {number} d columns of q and k
 * @property {number} [dv] columns of v: d
 * @property {number} [scale] of the scores: 1 / sqrt(d)
 * @property {boolean} [causal] query i sees the keys up to i + m - n only, so that the last query sees all. false
 * @property {import('./read.js').Row} [mask] n x m, added to the scores; -Infinity hides a key from a query
 * @property {Float32Array} [out] n x dv, where the result goes; may be an input
 * @property {import('./read.js').Dtype} [dtype] how q, k and v are to be read, if they are `Uint16Array`s
 */

const NAMES = ['d', 'dv', 'scale', 'causal', 'mask', 'out', 'dtype'];
const COLUMNS = { min: 1, max: LK.MAX_VOCAB, integer: true };
const SCALE = { min: -LARGEST, max: LARGEST };

/** An argument that is a matrix, from checking it to having it in the library's memory. */
class Matrix {
  /** @param {string} what @param {any} x @param {unknown} dtype @param {number} columns */
  constructor(what, x, dtype, columns) {
    this.what = what;
    this.x = x;
    this.format = formatOf(what, x, dtype);
    this.length = x.length;
    this.rows = this.length / columns;
    this.inside = Array.isArray(x) || !isInside(x) ? -1 : x.byteOffset;
    if (this.length === 0) throw emptyError(what);
    if (!Number.isInteger(this.rows)) {
      throw new RangeError(`${what} must have a multiple of ${columns} elements, got ${this.length}`);
    }
  }

  /**
   * Copies n elements to an address.
   * @param {number} from
   * @param {number} n
   * @param {number} at
   * @param {number} least what is allowed besides finite numbers
   */
  load(from, n, at, least) {
    const { what } = this;
    this.x = revived(this.x, this.inside, this.length);
    copyRow(what, this.x, from, n, this.format, at);
    if (this.format > LK.F32) core().lk_widen(at, n, this.format, at);
    let nans = 0;
    let first = -1;
    for (let i = n - 1; i >= 0; i--) {
      const value = f32[(at >>> 2) + i];
      if (value - value === 0 || value === least) continue;
      if (value === value) {
        throw new RangeError(`${what}[${from + i}] must be finite as float32, got ${show(this.x[from + i])}`);
      }
      first = from + i;
      nans++;
    }
    if (nans > 0) throw nanError(what, first, nans, n);
  }
}

/** Room for n floats and one more, in whole vectors. @param {number} n */
const room = (n) => 4 * (n + 4 - (n % 4));

/**
 * Attention of one head: softmax(q k^T scale + mask) v, row by row. Streaming: one pass over keys and values per query
 * with a running softmax (in float64), and nothing of the size n x m is kept. Vaswani et al. 2017; Milakov and
 * Gimelshein 2018 for the running softmax; `mask` as PyTorch's `scaled_dot_product_attention` takes it.
 *
 * Elements are read as float32 and must be finite. To 1e-6 relative or 1e-7 absolute, of the largest |v|.
 *
 * @example
 * attention([1, 0], [1, 0, 0, 1], [10, 20], { d: 2, dv: 1 }); // [13.3024], of one query and two keys
 *
 * @param {import('./read.js').Row} q queries, n x d, row-major
 * @param {import('./read.js').Row} k keys, m x d
 * @param {import('./read.js').Row} v values, m x dv
 * @param {AttentionOptions} options
 * @returns {Float32Array} n x dv; `out` if given
 * @throws {LogitsError} 'nan', 'empty'; 'masked' with `index` = the first query that sees no key
 * @throws {TypeError | RangeError} arguments: lengths that d or dv do not divide, k and v of different m
 */
export function attention(q, k, v, options) {
  const lk = core();
  checkNames('attention', options, NAMES);
  const { d, dv = d, scale = 1 / Math.sqrt(d), causal = false, mask: bias, out: given, dtype } = options;
  checkNumber('attention: d', d, COLUMNS);
  checkNumber('attention: dv', dv, COLUMNS);
  checkNumber('attention: scale', scale, SCALE);
  checkBoolean('attention: causal', causal);
  const queries = new Matrix('attention: q', q, dtype, d);
  const keys = new Matrix('attention: k', k, dtype, d);
  const values = new Matrix('attention: v', v, dtype, dv);
  const n = queries.rows;
  const m = keys.rows;
  if (values.rows !== m) {
    throw new RangeError(`attention: v must have ${m} rows as k has, got ${values.rows}`);
  }
  const mask = bias === undefined ? null : new Matrix('attention: mask', bias, undefined, m);
  if (mask !== null && mask.rows !== n) {
    throw new RangeError(`attention: mask must have ${n} x ${m} elements, got ${mask.length}`);
  }
  const out = checkedOut('attention', given, n * dv);
  const result = new Float32Array(n * dv);
  const sizes = [room(keys.length), room(values.length), room(queries.length), mask ? room(m) : 0, room(dv)];
  const piece = allocate(
    sizes.reduce((a, b) => a + b, 2 * room(dv)),
    'attention',
  );
  try {
    // Growing detaches what lay in the library's memory.
    if (out?.length === 0) checkAttached('attention: out', out);
    let end = piece;
    const [kAt, vAt, qAt, maskAt, outAt, work] = [0, ...sizes].map((size) => (end += size));
    queries.load(0, queries.length, qAt, 0);
    keys.load(0, keys.length, kAt, 0);
    values.load(0, values.length, vAt, 0);
    for (let i = 0; i < n; i++) {
      mask?.load(i * m, m, maskAt, -Infinity);
      const seen = causal ? Math.max(0, Math.min(m, i + m - n + 1)) : m;
      const status = lk.lk_attention(
        qAt + 4 * i * d,
        kAt,
        vAt,
        seen,
        d,
        dv,
        scale,
        mask ? maskAt : 0,
        outAt,
        work,
      );
      if (status !== LK.OK) {
        throw new LogitsError('masked', `attention: query ${i} sees no key, all ${m} are masked`, {
          index: i,
        });
      }
      result.set(f32.subarray(outAt >>> 2, (outAt >>> 2) + dv), i * dv);
    }
  } finally {
    release(piece);
  }
  if (out === undefined) return result;
  out.set(result);
  return out;
}
