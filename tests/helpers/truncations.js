import { below, shuffle } from './random.js';

/** Truncations behind min-p, each with values that act on some rows: most of a chain has none or one of them. */
const VALUES = {
  topNSigma: [0.7, 2.5],
  epsilonCutoff: [3e-4, 0.02],
  etaCutoff: [3e-4, 0.02],
  topA: [0.05, 0.5],
  tailFree: [0.6, 0.97],
  topH: [0.3, 0.8],
  firstTokenCutoff: [0.5, 0.98],
  pLess: [true],
  typicalP: [0.3, 0.9],
  mirostat: [1, 2],
};

/** Options that reshape the weights. */
const SHAPES = {
  dynatempRange: [0.4],
  smoothingFactor: [0.3],
  skew: [0.5, -0.5],
  adaptiveTarget: [0.2],
  transform: ['sparsemax', 'entmax15'],
};

function some(table, next, most) {
  const names = Object.keys(table);
  const found = {};
  for (let i = below(next, most + 1); i > 0; i--) {
    const name = names[below(next, names.length)];
    found[name] = table[name][below(next, table[name].length)];
  }
  return found;
}

/** Up to two truncations at random, in every third chain XTC. */
export function truncations(next) {
  const xtc = below(next, 3) === 0 ? { xtcProbability: 0.5, xtcThreshold: [0.01, 0.1][below(next, 2)] } : {};
  return { ...some(VALUES, next, 2), ...xtc };
}

/** At most one stage that gives weights of its own. */
export function shapes(next, given) {
  const found = some(SHAPES, next, 1);
  // Two stages that learn from the same token exclude each other.
  if (given.mirostat && found.adaptiveTarget !== undefined) return {};
  return found;
}

/** The stages in any order, but those that learn from what is drawn last: no other place is allowed. */
export function anyOrder(stages, next) {
  const learning = ['mirostat', 'adaptive'];
  return [
    ...shuffle(
      stages.filter((name) => !learning.includes(name)),
      next,
    ),
    ...learning,
  ];
}
