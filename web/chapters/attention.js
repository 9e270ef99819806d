import { attention } from 'logitkit';
import { drawCompare } from '../charts/compare.js';
import { drawLines } from '../charts/lines.js';
import { find, frac, math, mi, mo, msqrt, quantity, setTerms } from '../dom.js';
import { MAX_SEED, PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { percent, subscript, typed } from '../format.js';
import { createNormals } from '../normals.js';
import { slider } from '../slider.js';

const KEYS = 16;
const QUERIES = 32;
const MOST = 1024; // components
const DIMENSIONS = Array.from({ length: 11 }, (_, power) => 2 ** power);
/** With the identity for values, what attention returns are its weights. */
const IDENTITY = Float32Array.from({ length: KEYS * KEYS }, (_, index) => (index % (KEYS + 1) === 0 ? 1 : 0));

/** Queries and keys, of which every dimension takes the first components. @param {bigint} seed */
function createVectors(seed) {
  const next = createNormals(seed);
  const all = Float32Array.from({ length: (QUERIES + KEYS) * MOST }, next);
  /** @param {number} from @param {number} count @param {number} d */
  const cut = (from, count, d) => {
    const part = new Float32Array(count * d);
    for (let i = 0; i < count; i++) part.set(all.subarray((from + i) * MOST, (from + i) * MOST + d), i * d);
    return part;
  };
  return {
    /** The weights of every query, scaled by 1/√d or as they are. @param {number} d */
    weights(d) {
      const [q, k] = [cut(0, QUERIES, d), cut(QUERIES, KEYS, d)];
      const scaled = attention(q, k, IDENTITY, { d, dv: KEYS });
      const plain = attention(q, k, IDENTITY, { d, dv: KEYS, scale: 1 });
      return { scaled, plain };
    },
    /** The scores of the first query. @param {number} d */
    scores(d) {
      const [q, k] = [cut(0, 1, d), cut(QUERIES, KEYS, d)];
      return Array.from({ length: KEYS }, (_, key) =>
        q.reduce((sum, value, i) => sum + value * k[key * d + i], 0),
      );
    },
  };
}

/** The highest weight of a query, on average. @param {Float32Array} weights */
function highest(weights) {
  let sum = 0;
  for (let at = 0; at < weights.length; at += KEYS) sum += Math.max(...weights.subarray(at, at + KEYS));
  return (sum * KEYS) / weights.length;
}

/** @param {number[]} values */
function deviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** @param {ReturnType<typeof createVectors>} vectors */
function curvesOf(vectors) {
  const all = DIMENSIONS.map((d) => vectors.weights(d));
  return [
    { name: 'scaled', ys: all.map(({ scaled }) => highest(scaled)) },
    { name: 'as they are', ys: all.map(({ plain }) => highest(plain)) },
  ];
}

/** @param {HTMLElement} section */
function weightsFigure(section) {
  return figure(find(section, '#figure-attention'), {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {number[][]} weights */
    draw: (svg, width, [scaled, plain]) =>
      drawCompare(svg, width, {
        domain: [0, 1],
        groups: scaled.map((weight, key) => ({
          name: `k${subscript(key + 1)}`,
          values: [weight, plain[key]],
          texts: [percent(weight), percent(plain[key])],
        })),
      }),
    label: ([scaled, plain]) =>
      `Highest of 16 weights: ${percent(Math.max(...scaled))} scaled, ${percent(Math.max(...plain))} as they are`,
    table: ([scaled, plain]) => ({
      head: ['Key', 'Scaled', 'As they are'],
      rows: scaled.map((weight, key) => [`k${subscript(key + 1)}`, weight, plain[key]]),
    }),
  });
}

/** @param {HTMLElement} section */
function scalingFigure(section) {
  return figure(find(section, '#figure-scaling'), {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {{series: {name: string, ys: number[]}[], d: number}} data */
    draw: (svg, width, { series, d }) =>
      drawLines(svg, width, {
        series,
        xs: DIMENSIONS,
        domain: [0, 1],
        title: 'components d',
        measure: 'highest weight',
        log: true,
        ticks: [1, 4, 16, 64, 256, 1024],
        at: d,
      }),
    label: ({ series }) =>
      `The highest weight at 1024 components: ${series.map(({ name, ys }) => `${percent(ys[10])} ${name}`).join(', ')}`,
    table: ({ series }) => ({
      head: ['d', ...series.map(({ name }) => name)],
      rows: DIMENSIONS.map((value, index) => [
        { value, text: String(value) },
        ...series.map(({ ys }) => ys[index]),
      ]),
    }),
  });
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const showWeights = weightsFigure(section);
  const showScaling = scalingFigure(section);
  slider(find(section, '#attention-control'), store, {
    id: 'attention-d',
    label: 'Components',
    symbol: 'd',
    field: PRIVATE.attention.d,
    range: [1, MOST],
    step: 1,
    get: (state) => state.attention.d,
    patch: (d) => ({ attention: { d } }),
  });
  find(section, '#attention-next').addEventListener('click', () => {
    const { seed } = store.get();
    store.set({ seed: seed === MAX_SEED ? 0n : seed + 1n });
  });
  /** @type {{seed: bigint, vectors: ReturnType<typeof createVectors>, series: ReturnType<typeof curvesOf>} | undefined} */
  let made;
  let shown = 0;

  return ({ seed, attention: { d } }) => {
    if (made?.seed === seed && shown === d) return;
    if (made?.seed !== seed) {
      const vectors = createVectors(seed);
      made = { seed, vectors, series: curvesOf(vectors) };
    }
    shown = d;
    const { scaled, plain } = made.vectors.weights(d);
    const first = [scaled, plain].map((weights) => Array.from(weights.subarray(0, KEYS)));
    showWeights(first);
    showScaling({ series: made.series, d });
    const spread = deviation(made.vectors.scores(d));
    const root = Math.sqrt(d);
    setTerms(find(section, '#attention-terms'), [
      math(mi('σ'), mo('='), quantity(spread)),
      math(msqrt(mi('d')), mo('='), quantity(root)),
      math(frac(mi('σ'), msqrt(mi('d'))), mo('='), quantity(spread / root)),
    ]);
    const [of, off] = first.map((weights) => percent(Math.max(...weights)));
    find(section, '[data-reading]').textContent =
      `With ${typed(d)} components the highest weight is ${off} without the division, and ${of} with it.`;
  };
}
