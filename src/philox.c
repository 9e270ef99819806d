/* SPDX-License-Identifier: MIT
 * J. Salmon, M. Moraes, R. Dror, D. Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011. */
#include "philox.h"

#define SPLAT(word) wasm_i32x4_splat((int32_t)(word))

/* The product of each lane with a word: its upper and lower halves. */
LK_INLINE void multiply(v128_t a, v128_t by, v128_t *high, v128_t *low)
{
  v128_t first = wasm_u64x2_extmul_low_u32x4(a, by), second = wasm_u64x2_extmul_high_u32x4(a, by);
  *high = wasm_i32x4_shuffle(first, second, 1, 3, 5, 7);
  *low = wasm_i32x4_shuffle(first, second, 0, 2, 4, 6);
}

void lk_philox(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t block, v128_t r[4])
{
  v128_t c0 = SPLAT(position), c1 = SPLAT(purpose << 24 | (uint32_t)(position >> 32)), c2 = SPLAT(stream);
  v128_t c3 = wasm_i32x4_add(SPLAT(block), wasm_i32x4_make(0, 1, 2, 3)), k0 = SPLAT(seed), k1 = SPLAT(seed >> 32);
  LK_ROLLED
  for (int round = 0; round < 10; round++) {
    v128_t high0, high2, low0, low2;
    multiply(c0, SPLAT(0xd2511f53u), &high0, &low0);
    multiply(c2, SPLAT(0xcd9e8d57u), &high2, &low2);
    c0 = wasm_v128_xor(wasm_v128_xor(high2, c1), k0);
    c1 = low2;
    c2 = wasm_v128_xor(wasm_v128_xor(high0, c3), k1);
    c3 = low0;
    k0 = wasm_i32x4_add(k0, SPLAT(0x9e3779b9u)); /* golden ratio, sqrt 3 - 1: the Weyl steps of the key schedule */
    k1 = wasm_i32x4_add(k1, SPLAT(0xbb67ae85u));
  }
  r[0] = c0;
  r[1] = c1;
  r[2] = c2;
  r[3] = c3;
}

double lk_uniform(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t index)
{
  v128_t r[4];
  lk_philox(seed, position, purpose, stream, index >> 1, r);
  uint32_t at = (index & 1) * 2;
  uint64_t high = (uint32_t)wasm_i32x4_extract_lane(r[at + 1], 0);
  return (double)((high << 32 | (uint32_t)wasm_i32x4_extract_lane(r[at], 0)) >> 11) * 0x1p-53;
}
