import { chain, ORDERS } from './chain.js';
import { entries } from './entries.js';
import { statistics } from './statistics.js';
import { uniform } from './uniform.js';

/** The constants of the definition in src/logitkit.h, section "The draw". */
const BLOCK = 64;
const GROUP = 64;
const LIST = 1024;
const OVER = 65;

/** The purpose of XTC's uniform, and of Gumbel noise; the draw's is 0. */
const XTC = 1;
const GUMBEL = 5;

/**
 * The draw as src/logitkit.h defines it, in float64. `near` is the smallest distance of a uniform from a boundary it
 * was compared with, as a share of what it was scaled by: where it is tiny, float32 weights may decide the other way.
 *
 * @param {ArrayLike<number>} row
 * @param {Record<string, any>} options
 * @param {import('./chain.js').Context} [context]
 * @returns {(address: { seed: number | bigint, position: number, stream?: number }) =>
 *   { token: number, near: number, used: number }}
 */
export function drawer(row, options, context = {}) {
  if (options.xtcProbability > 0 && context.xtc === undefined) {
    const [rests, fires] = [false, true].map((xtc) => drawer(row, options, { ...context, xtc }));
    return (address) => {
      const u = uniform({ ...address, purpose: XTC }, 0);
      return (u < options.xtcProbability ? fires : rests)(address);
    };
  }
  const final = chain(row, options, context);
  if (final.greedy) return () => ({ token: final.survivors[0].id, near: Number.POSITIVE_INFINITY, used: 0 });
  if (options.method === 'gumbel') {
    const race = fromNoise(final, options);
    return (address) => {
      const { token, near } = race(address);
      return { token, near: Math.min(near, final.margin), used: final.survivors.length };
    };
  }
  const order = Array.isArray(options.order) ? options.order : ORDERS[options.order ?? 'logitkit'];
  const least = options.order === 'llama.cpp' ? 1 : (options.minKeep ?? 1);
  const small = options.topK <= LIST && least <= LIST;
  const listed = options.topK >= 1 && small && order.includes('topK');
  const late =
    order.includes('topP') && decidesLate(order.slice(order.indexOf('topP') + 1), options, context);
  const open = late ? chain(row, { ...options, topP: 1 }, context) : final;
  const draw = listed ? fromList(final) : fromRow(row.length, final, open);
  return (address) => {
    const trial = new Trial(address);
    const token = draw(trial);
    return { token, near: Math.min(trial.near, final.margin), used: trial.used };
  };
}

/**
 * Whether top-p may wait for the draw: no stage behind it changes logits, ranks anew or counts survivors. All that act
 * do, but min-p and an ordinary temperature; XTC acts also where it does not fire, unless its threshold is above 0.5.
 */
function decidesLate(behind, options, context) {
  const t = options.temperature ?? 1;
  const special = t < 0 || !Number.isFinite(t) || (t !== 1 && options.order === 'llama.cpp');
  const acts = (name) => {
    if (name === 'draw' || name === 'minP') return false;
    if (name === 'mask') return Boolean(context.mask);
    if (name === 'temperature') return special || options.dynatempRange > 0;
    if (name === 'xtc' && (options.xtcThreshold ?? 0.1) > 0.5) return false;
    if (name === 'penalties' && options.penaltyLastN === 0) return false;
    return OFF[name].some(([option, neutral]) => {
      const value = options[option] ?? neutral;
      return typeof value === 'object' && value !== null ? entries(value).length > 0 : value !== neutral;
    });
  };
  return (options.transform ?? 'softmax') === 'softmax' && !behind.some(acts);
}

/** The options of every stage with their neutral values. */
const OFF = {
  suppress: [['suppressTokens'], ['allowedTokens']],
  minTokens: [['minTokens', 0]],
  forced: [['forcedTokens']],
  badWords: [['badWords']],
  noRepeatNgram: [['noRepeatNgramSize', 0]],
  bias: [['logitBias'], ['sequenceBias']],
  lengthPenalty: [['lengthPenalty']],
  penalties: [
    ['repetitionPenalty', 1],
    ['frequencyPenalty', 0],
    ['presencePenalty', 0],
  ],
  dry: [['dryMultiplier', 0]],
  smoothing: [['smoothingFactor', 0]],
  topK: [['topK', 0]],
  topNSigma: [['topNSigma', 0]],
  epsilon: [['epsilonCutoff', 0]],
  eta: [['etaCutoff', 0]],
  topA: [['topA', 0]],
  tailFree: [['tailFree', 1]],
  topH: [['topH', 0]],
  firstToken: [['firstTokenCutoff', 1]],
  pLess: [['pLess', false]],
  typical: [['typicalP', 1]],
  skew: [['skew', 0]],
  xtc: [['xtcProbability', 0]],
  mirostat: [['mirostat', 0]],
  adaptive: [['adaptiveTarget', -1]],
};

/** The uniforms of one draw, and the nearest decision among them. */
class Trial {
  constructor(address) {
    this.address = address;
    this.used = 0;
    this.near = Number.POSITIVE_INFINITY;
  }

  next() {
    return uniform(this.address, this.used++);
  }

  /** Whether value < bound, both in units of `scale`. */
  less(value, bound, scale) {
    this.near = Math.min(this.near, Math.abs(value - bound) / scale);
    return value < bound;
  }
}

/**
 * Gumbel noise by token: -ln(-ln u).
 *
 * @param {{ seed: number | bigint, position: number, stream?: number, purpose?: number }} address
 * @param {number} id
 */
export function noise(address, id) {
  return -Math.log(-Math.log(uniform({ purpose: GUMBEL, ...address }, id) || 2 ** -53));
}

/** The survivor whose logarithm of the weight is greatest with its noise; near is the lead in nats. */
function fromNoise(final, { transform = 'softmax' }) {
  const logs = transform === 'softmax' ? statistics(final).logs : final.probs.map((p) => Math.log(p));
  return (address) => {
    const scores = final.survivors.map(({ id }, i) => ({ id, score: logs[i] + noise(address, id) }));
    scores.sort((a, b) => b.score - a.score || a.id - b.id);
    const near = scores.length > 1 ? scores[0].score - scores[1].score : Number.POSITIVE_INFINITY;
    return { token: scores[0].id, near };
  };
}

/** Truncated: the first of the sorted survivors whose running sum is above u times the total. */
function fromList(final) {
  const sums = running(final.probs);
  const total = sums[sums.length - 1];
  return (trial) => {
    const v = trial.next() * total;
    return final.survivors[sums.findIndex((c) => trial.less(v, c, total))].id;
  };
}

/** Whole row: blocks by a bound of their sum, refined when a draw fell between the sum and the bound. */
function fromRow(n, final, open) {
  const kept = new Set(final.survivors.map(({ id }) => id));
  const places = new Map((final.beforeTopP ?? []).map(({ id }, place) => [id, place]));
  const byId = open.survivors
    .map(({ id }, i) => ({ id, weight: open.probs[i], place: places.get(id) ?? i }))
    .sort((a, b) => a.id - b.id);
  const blocks = Array.from({ length: Math.ceil(n / BLOCK) }, () => []);
  for (const c of byId) blocks[Math.floor(c.id / BLOCK)].push(c);
  return (trial) => {
    let limit = Number.POSITIVE_INFINITY;
    for (;;) {
      const left = blocks.map((block) => block.filter((c) => c.place < limit));
      const candidate = fromBlocks(left, trial);
      if (kept.has(candidate.id)) return candidate.id;
      limit = candidate.place;
    }
  };
}

function fromBlocks(blocks, trial) {
  const bound = blocks.map((block) => OVER * block.reduce((a, c) => Math.max(a, c.weight), 0));
  const totals = blocks.map((block) => running(block.map((c) => c.weight)));
  const heavy = sum(bound) / GROUP;
  bound.forEach((w, b) => {
    if (!trial.less(heavy, w, heavy)) return;
    bound[b] = totals[b][totals[b].length - 1];
  });
  for (;;) {
    const groups = [];
    for (let b = 0; b < bound.length; b += GROUP) groups.push(sum(bound.slice(b, b + GROUP)));
    const total = sum(groups);
    let v = trial.next() * total;
    let group = 0;
    while (group < groups.length - 1 && !trial.less(v, groups[group], total)) v -= groups[group++];
    let b = group * GROUP;
    while (b < bound.length && !trial.less(v, bound[b], total)) v -= bound[b++];
    if (b === bound.length) {
      // Rounding led past the last block.
      b = bound.findLastIndex((w) => w > 0);
      v = bound[b] / 2;
    }
    const sums = totals[b];
    const last = sums[sums.length - 1];
    if (trial.less(v, last, total)) return blocks[b][sums.findIndex((c) => trial.less(v, c, total))];
    bound[b] = last;
  }
}

function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

function running(values) {
  let c = 0;
  return values.map((v) => {
    c += v;
    return c;
  });
}
