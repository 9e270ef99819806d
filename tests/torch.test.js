import { test } from 'node:test';
import * as logitkit from '../js/index.js';
import { close, closeTo } from './helpers/close.js';
import { decode, golden } from './helpers/golden.js';
import { attention } from './oracle/attention.js';
import { boltzmann } from './oracle/boltzmann.js';
import * as crossentropy from './oracle/crossentropy.js';
import { entropy } from './oracle/entropy.js';
import { klDivergence } from './oracle/kldivergence.js';
import * as oracle from './oracle/softmax.js';
import * as softmaxbackward from './oracle/softmaxbackward.js';

const BOUND = { rel: 1e-6, abs: 1e-7 };
const EXACT = { rel: 1e-11, abs: 1e-15 };

const { engine, rows, cases, functions, reductions, attention: attentions } = golden('torch.json');

for (const one of cases) {
  const { temperature } = one;
  test(`${one.row}, T ${temperature}, as ${engine}`, () => {
    const row = rows[one.row];
    for (const [functions, bound] of [
      [oracle, EXACT],
      [logitkit, BOUND],
    ]) {
      close(functions.softmax(row, { temperature }), decode(one.softmax, Float64Array), bound, 'softmax');
      close(
        functions.logSoftmax(row, { temperature }),
        decode(one.logSoftmax, Float64Array),
        bound,
        'logSoftmax',
      );
      closeTo(functions.logSumExp(row, { temperature }), one.logSumExp, bound, 'logSumExp');
    }
  });
}

/** What the functions take beside a row, as tests/torch/make.py has it. */
function companions(row) {
  const other = Float64Array.from(row, (x, i) => x * 0.75 + ((i * 31) % 17) / 8);
  const gradOut = Float64Array.from(row, (_, i) => (((i * 7919) % 101) - 50) / 25);
  const weights = Float64Array.from(row, (x, i) => (x > -Infinity ? ((i * 37) % 11) + 1 : 0));
  const sum = weights.reduce((a, b) => a + b, 0);
  return { other, gradOut, soft: weights.map((w) => w / sum) };
}

const ORACLES = { boltzmann, ...crossentropy, entropy, klDivergence, ...softmaxbackward };
/** In float64 there is no law but the oracle's; float32 rows as they are, and as float64. */
const KINDS = [
  [ORACLES, { rel: 1e-9, abs: 1e-13 }, Float64Array],
  [logitkit, BOUND, Float32Array],
  [logitkit, BOUND, Float64Array],
];

for (const one of functions) {
  const { temperature } = one;
  test(`functions of ${one.row}, T ${temperature}, as ${engine}`, () => {
    for (const [library, bound, Kind] of KINDS) {
      const x = Kind.from(rows[one.row]);
      const { other, gradOut, soft } = companions(x);
      const number = (name, ...rest) => closeTo(library[name](x, ...rest), one[name], bound, name);
      const options = { temperature };
      number('entropy', options);
      number('klDivergence', other, options);
      number('softmaxTemperatureGrad', gradOut, options);
      const probs = oracle.softmax(x, options);
      const backward = library.softmaxBackward(probs, gradOut, options);
      close(backward, decode(one.softmaxBackward, Float64Array), bound, 'softmaxBackward');
      for (const [name, target, labelSmoothing] of [
        ['hard', one.target, 0],
        ['soft', soft, 0],
        ['smooth', one.target, 0.1],
        ['softSmooth', soft, 0.1],
      ]) {
        if (!(name in one)) continue;
        const { loss, backward, temperatureGrad } = one[name];
        const given = [x, target, { ...options, labelSmoothing }];
        closeTo(library.crossEntropy(...given), loss, bound, name);
        close(
          library.crossEntropyBackward(...given),
          decode(backward, Float64Array),
          bound,
          `${name}: backward`,
        );
        closeTo(
          library.crossEntropyTemperatureGrad(...given),
          temperatureGrad,
          bound,
          `${name}: temperature`,
        );
      }
      if (!one.boltzmann) continue;
      const found = library.boltzmann(x, { temperature, k: 0.7 });
      for (const [name, value] of Object.entries(one.boltzmann)) closeTo(found[name], value, bound, name);
    }
  });
}

test(`reductions of the cross-entropy, as ${engine}`, () => {
  const { target, labelSmoothing } = reductions;
  const x = rows.normal.subarray(0, 100);
  for (const reduction of ['mean', 'sum', 'none']) {
    const options = { rows: 4, labelSmoothing, reduction };
    const { loss, backward } = reductions[reduction];
    const found = logitkit.crossEntropy(x, Int32Array.from(target), options);
    close(
      [found].flatMap((v) => (typeof v === 'number' ? v : Array.from(v))),
      [loss].flat(),
      BOUND,
      reduction,
    );
    const gradient = logitkit.crossEntropyBackward(x, Int32Array.from(target), options);
    close(gradient, decode(backward, Float64Array), BOUND, `${reduction}: backward`);
  }
});

for (const [i, one] of attentions.entries()) {
  const { d, dv, causal } = one;
  test(`attention ${i}: d ${d}, dv ${dv}, causal ${causal}, as ${engine}`, () => {
    const [q, k, v] = [one.q, one.k, one.v].map((text) => decode(text));
    const mask = one.mask === undefined ? undefined : decode(one.mask);
    const expected = decode(one.result, Float64Array);
    const options = { d, dv, causal, mask };
    close(attention(q, k, v, options), expected, EXACT, 'oracle');
    close(logitkit.attention(q, k, v, options), expected, BOUND, 'attention');
  });
}
