/**
 * Every stage alone, on a whole row, at a value that acts. A plan of its own (`run.js stages`): none of them has a
 * target, what is looked for is one that costs far more than reading.
 */
import { chain } from '../oracle/chain.js';

const SEED = 42;

/** A stage by what switches it on. */
const STAGES = {
  nothing: {},
  mask: {},
  suppress: { suppressTokens: Array.from({ length: 100 }, (_, i) => 7 * i) },
  allowed: { allowedTokens: Array.from({ length: 5000 }, (_, i) => 30 * i) },
  forced: { forcedTokens: { 0: 5 } },
  bias: { logitBias: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [11 * i, 1 - (i % 3)])) },
  badWords: { badWords: Array.from({ length: 100 }, (_, i) => [13 * i]) },
  noRepeatNgram: { noRepeatNgramSize: 3 },
  penalties: { repetitionPenalty: 1.1, frequencyPenalty: 0.2 },
  dry: { dryMultiplier: 0.8 },
  temperature: { temperature: 0.7 },
  dynatemp: { temperature: 1, dynatempRange: 0.5 },
  smoothing: { smoothingFactor: 0.3 },
  topK: { topK: 40 },
  topP: { topP: 0.95 },
  minP: { minP: 0.05 },
  topNSigma: { topNSigma: 1 },
  epsilon: { epsilonCutoff: 3e-4 },
  eta: { etaCutoff: 3e-4 },
  topA: { topA: 0.2 },
  tailFree: { tailFree: 0.95 },
  topH: { topH: 0.4 },
  firstToken: { firstTokenCutoff: 0.9 },
  pLess: { pLess: true },
  typical: { typicalP: 0.9 },
  skew: { skew: 0.5 },
  xtc: { xtcProbability: 1, xtcThreshold: 0.05 },
  mirostat1: { mirostat: 1 },
  mirostat2: { mirostat: 2 },
  adaptive: { adaptiveTarget: 0.5 },
  sparsemax: { transform: 'sparsemax' },
  entmax15: { transform: 'entmax15' },
};

/** What a draw must come from, as `checks.js` asks it. @param {Float32Array} row @param {Record<string, any>} options @param {number[]} history @param {Int32Array | null} mask */
function lawOf(row, options, history, mask) {
  const { survivors, probs } = chain(row, options, { history, outputs: history.map(() => false), mask });
  const surprisal = new Map(survivors.map(({ id }, i) => [id, -Math.log(probs[i])]));
  let entropy = 0;
  let squares = 0;
  for (const p of probs) {
    if (p === 0) continue;
    entropy -= p * Math.log(p);
    squares += p * Math.log(p) ** 2;
  }
  return {
    kept: survivors.length,
    entropy,
    variance: Math.max(0, squares - entropy * entropy),
    surprisal: (/** @type {number} */ id) => surprisal.get(id),
    allows: (/** @type {number} */ id) => surprisal.has(id),
  };
}

/** About every third token, as a grammar may leave them. @param {string} name @param {number} n */
const maskOf = (name, n) => (name === 'mask' ? new Int32Array((n + 31) >>> 5).fill(0x49249249) : null);

export default Object.entries(STAGES).map(([name, options]) => ({
  operation: `stage-${name}`,
  title: name,
  kind: 'draw',
  laws: ({ rows, history }) => ({
    f32: rows.map((row) => lawOf(row, options, Array.from(history), maskOf(name, row.length))),
  }),
  logitkit(lk, { n, rows, history }) {
    const samplers = rows.map((_, i) => new lk.Sampler(n, { ...options, seed: SEED + i }));
    for (const sampler of samplers) sampler.accept(history, { prompt: true });
    for (const sampler of samplers) void sampler.logits;
    samplers.forEach((sampler, i) => void sampler.logits.set(rows[i]));
    const unrecorded = { record: false, mask: maskOf(name, n) };
    return {
      list: [{ where: 'resident', dtype: 'f32', run: (i) => samplers[i].sample(undefined, unrecorded) }],
      reseed: (seed) => samplers.forEach((sampler) => void sampler.configure({ seed })),
      dispose: () => samplers.forEach((sampler) => void sampler.dispose()),
    };
  },
}));
