/* Whether two rows are the same.   SPDX-License-Identifier: MIT */
#include "base.h"

int lk_same(const void *a, const void *b, uint32_t bytes)
{
  const uint8_t *p = a, *q = b;
  uint32_t i = 0;
  LK_ROLLED
  while (i + 16 <= bytes && !wasm_v128_any_true(wasm_v128_xor(wasm_v128_load(p + i), wasm_v128_load(q + i)))) i += 16;
  LK_ROLLED
  while (i < bytes && p[i] == q[i]) i++;
  return i == bytes;
}
