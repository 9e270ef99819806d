import fc from 'fast-check';

/** Multiples of 2^-6, so that shifting a row by another such number is exact, and ties are frequent. */
const logit = fc.integer({ min: -600, max: 600 }).map((v) => v / 64);

/** A row of up to 150 logits, some of them masked, at least one not. */
export const row = fc
  .tuple(
    fc.array(fc.oneof({ weight: 8, arbitrary: logit }, { weight: 1, arbitrary: fc.constant(-Infinity) }), {
      minLength: 0,
      maxLength: 149,
    }),
    logit,
    fc.nat(),
  )
  .map(([values, sure, at]) => {
    const place = at % (values.length + 1);
    return Float32Array.from([...values.slice(0, place), sure, ...values.slice(place)]);
  });

const unit = fc.double({ min: 0, max: 1, noNaN: true });

/** Filters that keep what clears a bound, each with values that filter. */
export const THRESHOLDS = {
  topP: unit,
  minP: unit,
  topNSigma: fc.double({ min: 0.01, max: 4, noNaN: true }),
  epsilonCutoff: fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
  etaCutoff: fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
  topA: unit,
  tailFree: unit,
  topH: unit,
  firstTokenCutoff: unit,
  pLess: fc.constant(true),
  typicalP: unit,
};

/** What truncates, reshapes and draws, each option there or not. */
export const options = fc.record(
  {
    ...THRESHOLDS,
    temperature: fc.oneof(fc.constantFrom(0, -1, Infinity, 1), fc.double({ min: 0.05, max: 5, noNaN: true })),
    dynatempRange: fc.double({ min: 0, max: 2, noNaN: true }),
    smoothingFactor: fc.double({ min: 0, max: 2, noNaN: true }),
    topK: fc.integer({ min: 0, max: 60 }),
    skew: fc.double({ min: -1, max: 1, noNaN: true }),
    xtcProbability: fc.constantFrom(0, 0.5, 1),
    xtcThreshold: fc.double({ min: 0, max: 0.6, noNaN: true }),
    transform: fc.constantFrom('softmax', 'sparsemax', 'entmax15'),
    method: fc.constantFrom('exact', 'gumbel'),
    minKeep: fc.integer({ min: 1, max: 12 }),
    presencePenalty: fc.double({ min: -2, max: 2, noNaN: true }),
    dryMultiplier: fc.constantFrom(0, 0.8),
    seed: fc.nat(),
  },
  { requiredKeys: ['seed'] },
);

/** One of the two stages that learn from what they draw, or none. */
export const learning = fc.oneof(
  fc.constant({}),
  fc.record({ mirostat: fc.constantFrom(1, 2), mirostatTau: fc.double({ min: 0.5, max: 6, noNaN: true }) }),
  fc.record({ adaptiveTarget: unit, adaptiveDecay: fc.double({ min: 0, max: 0.99, noNaN: true }) }),
);
