import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropy } from '../js/index.js';
import { core } from '../js/instance.js';
import { SIZES } from './helpers/rows.js';

test('the scratch memory of the C functions has room for three rows of float64, aligned', () => {
  entropy([1]);
  for (const n of [...SIZES, 2 ** 24 - 1, 2 ** 24]) {
    const place = 8 * (n + (n & 1));
    assert.equal(place % 16, 0);
    assert.ok(core().lk_work_size(n) >>> 0 >= 3 * place, `n ${n}`);
  }
});
