import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boltzmann } from '../js/index.js';
import { close, closeTo } from './helpers/close.js';
import { derivative } from './helpers/differences.js';
import { normal } from './helpers/rows.js';
import * as oracle from './oracle/boltzmann.js';

const INF = Number.POSITIVE_INFINITY;
const BOUND = { rel: 1e-9, abs: 1e-13 };
const NAMES = ['meanEnergy', 'freeEnergy', 'entropy', 'heatCapacity'];

function same(found, expected, bound, label) {
  close(found.probs, expected.probs, { rel: 1e-7, abs: 1e-30 }, `${label}: probs`);
  for (const name of NAMES) closeTo(found[name], expected[name], bound, `${label}: ${name}`);
}

test('as sums over the states have it', () => {
  for (const n of [1, 2, 3, 65, 1000, 50000]) {
    const energies = Float64Array.from(normal(n, n, 2));
    for (const temperature of [1, 0.3, 5, -0.8]) {
      for (const k of [1, 0.25]) {
        const options = { temperature, k };
        same(
          boltzmann(energies, options),
          oracle.boltzmann(energies, options),
          BOUND,
          `${n}, T ${temperature}, k ${k}`,
        );
      }
    }
  }
});

test('two levels: Schottky, at every temperature', () => {
  for (const T of [0.05, 0.2, 1, 30, -0.5, -10]) {
    const e = Math.exp(-1 / T);
    const { probs, meanEnergy, freeEnergy, entropy, heatCapacity } = boltzmann([0, 1], { temperature: T });
    close(probs, [1 / (1 + e), e / (1 + e)], { rel: 1e-7 }, `T ${T}`);
    closeTo(meanEnergy, e / (1 + e), { rel: 1e-12 }, `U at ${T}`);
    closeTo(freeEnergy, -T * Math.log1p(e), { rel: 1e-12 }, `F at ${T}`);
    closeTo(heatCapacity, (1 / T) ** 2 * (e / (1 + e) ** 2), { rel: 1e-12 }, `C at ${T}`);
    closeTo(entropy, (meanEnergy - freeEnergy) / T, { rel: 1e-9 }, `S at ${T}`);
  }
});

test('F = U - T S, S = -dF/dT, C = dU/dT', () => {
  const energies = Float64Array.from(normal(30, 4));
  for (const temperature of [0.4, 2, -1.5]) {
    const k = 1.3;
    const at = (T) => boltzmann(energies, { temperature: T, k });
    const { meanEnergy, freeEnergy, entropy, heatCapacity } = at(temperature);
    closeTo(freeEnergy, meanEnergy - temperature * entropy, { rel: 1e-12 }, 'F');
    closeTo(entropy, -derivative((T) => at(T).freeEnergy, temperature), { rel: 1e-7 }, 'S');
    closeTo(
      heatCapacity,
      derivative((T) => at(T).meanEnergy, temperature),
      { rel: 1e-7 },
      'C',
    );
  }
});

test('limits: no heat, infinite heat of either sign', () => {
  const energies = [2, 0, 1, 0, INF];
  for (const temperature of [0, -0]) {
    const found = boltzmann(energies, { temperature });
    assert.deepEqual(Array.from(found.probs), [0, 0.5, 0, 0.5, 0]);
    assert.deepEqual([found.meanEnergy, found.freeEnergy, found.heatCapacity], [0, 0, 0]);
    closeTo(found.entropy, Math.LN2, { rel: 1e-15 }, 'S at 0');
  }
  for (const temperature of [INF, -INF]) {
    const found = boltzmann(energies, { temperature });
    assert.deepEqual(Array.from(found.probs), [0.25, 0.25, 0.25, 0.25, 0]);
    assert.deepEqual([found.meanEnergy, found.freeEnergy, found.heatCapacity], [0.75, -temperature, 0]);
    closeTo(found.entropy, Math.log(4), { rel: 1e-15 }, 'S at Infinity');
    assert.equal(boltzmann([3, INF], { temperature }).freeEnergy, 3, 'one state alone');
  }
  const inverted = boltzmann(energies, { temperature: -1e-3 });
  assert.deepEqual(Array.from(inverted.probs), [1, 0, 0, 0, 0], 'the highest that exists');
  closeTo(inverted.freeEnergy, 2, { rel: 1e-12 }, 'F');
});

test('offsets and units cost no digits', () => {
  const energies = Float64Array.of(0, 0.5, 1.25, 4);
  const plain = boltzmann(energies, { temperature: 0.7 });
  const far = boltzmann(
    energies.map((E) => E + 2 ** 40),
    { temperature: 0.7 },
  );
  assert.deepEqual(far.probs, plain.probs);
  closeTo(far.meanEnergy - 2 ** 40, plain.meanEnergy, { rel: 1e-3 }, 'U');
  closeTo(far.heatCapacity, plain.heatCapacity, { rel: 1e-12 }, 'C');
  const k = 1.380649e-23;
  const joules = energies.map((E) => E * k);
  const found = boltzmann(joules, { temperature: 0.7, k });
  close(found.probs, plain.probs, { rel: 1e-7 }, 'in joules');
  closeTo(found.heatCapacity, k * plain.heatCapacity, { rel: 1e-12 }, 'C in joules per kelvin');
});

test('rows with their temperatures', () => {
  const energies = normal(30, 5);
  const temperature = [1, INF, -2];
  const found = boltzmann(energies, { rows: 3, temperature });
  temperature.forEach((T, r) => {
    const one = boltzmann(energies.subarray(10 * r, 10 * r + 10), { temperature: T });
    assert.deepEqual(found.probs.subarray(10 * r, 10 * r + 10), one.probs);
    for (const name of NAMES) assert.equal(found[name][r], Math.fround(one[name]), name);
  });
});

test('what it must be', () => {
  for (const k of [0, -1, Number.NaN, INF]) {
    assert.throws(() => boltzmann([0, 1], { k }), { name: 'RangeError', message: /k must be/ });
  }
  assert.throws(() => boltzmann([0, 1], { k: '1' }), { name: 'TypeError', message: /k.*"1"/ });
  assert.throws(() => boltzmann([0, 1], { temperature: Number.NaN }), {
    name: 'RangeError',
    message: /temperature/,
  });
  assert.throws(() => boltzmann([0, Number.NaN]), {
    name: 'LogitsError',
    code: 'nan',
    index: 1,
    message: /energies/,
  });
  assert.throws(() => boltzmann([INF, INF]), { name: 'LogitsError', code: 'masked' });
  assert.throws(() => boltzmann([]), { name: 'LogitsError', code: 'empty' });
  assert.throws(() => boltzmann([0, 1], { out: [] }), { name: 'TypeError', message: /out/ });
});
