/* Pass 1 over a float32 row: block maxima, and whether there may be a NaN.   SPDX-License-Identifier: MIT
 *
 * Four blocks at a time, so that their maxima leave as one vector: as fast as a plain maximum (LOG.md).
 */
#include "row.h"

/* pmax keeps its first operand unless the second is larger: with NaNs its result means nothing, so every logit is also
 * added up. The sum is NaN iff some logit is NaN or infinities cancel; only then lk_find_nan looks closer. */
LK_INLINE v128_t block_scan(const float *x, v128_t *sum)
{
  v128_t v0 = wasm_v128_load(x), v1 = wasm_v128_load(x + 4);
  v128_t v2 = wasm_v128_load(x + 8), v3 = wasm_v128_load(x + 12);
  v128_t s0 = wasm_f32x4_add(v0, v1), s1 = wasm_f32x4_add(v2, v3);
  v128_t m0 = wasm_f32x4_pmax(v0, v1), m1 = wasm_f32x4_pmax(v2, v3);
#define STEP(i)                                                      \
  v0 = wasm_v128_load(x + (i)), v1 = wasm_v128_load(x + (i) + 4);    \
  s0 = wasm_f32x4_add(s0, v0), s1 = wasm_f32x4_add(s1, v1);          \
  m0 = wasm_f32x4_pmax(m0, v0), m1 = wasm_f32x4_pmax(m1, v1)
  STEP(16);
  STEP(24);
  STEP(32);
  STEP(40);
  STEP(48);
  STEP(56);
#undef STEP
  *sum = wasm_f32x4_add(*sum, wasm_f32x4_add(s0, s1));
  return wasm_f32x4_pmax(m0, m1);
}

static float horizontal_max(v128_t v)
{
  v = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  v = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(v, 0);
}

int lk_scan(lk_row *row)
{
  if (row->n == 0) return LK_EMPTY;
  lk_row_pad(row);
  if (row->dtype != LK_F32 || row->mask) return lk_scan_any(row);
  const float *x = row->at;
  v128_t sum = wasm_f32x4_splat(0), max = wasm_f32x4_splat(-LK_INF);
  for (uint32_t b = 0; b < row->blocks; b += 4, x += 4 * LK_BLOCK) {
    v128_t a0 = block_scan(x, &sum), a1 = block_scan(x + LK_BLOCK, &sum);
    v128_t a2 = block_scan(x + 2 * LK_BLOCK, &sum), a3 = block_scan(x + 3 * LK_BLOCK, &sum);
    v128_t even = wasm_f32x4_pmax(wasm_i32x4_shuffle(a0, a1, 0, 4, 1, 5), wasm_i32x4_shuffle(a0, a1, 2, 6, 3, 7));
    v128_t odd = wasm_f32x4_pmax(wasm_i32x4_shuffle(a2, a3, 0, 4, 1, 5), wasm_i32x4_shuffle(a2, a3, 2, 6, 3, 7));
    v128_t m = wasm_f32x4_pmax(wasm_i64x2_shuffle(even, odd, 0, 2), wasm_i64x2_shuffle(even, odd, 1, 3));
    wasm_v128_store(row->block_max + b, m);
    max = wasm_f32x4_pmax(max, m);
  }
  row->max = horizontal_max(max);
  sum = wasm_f32x4_add(sum, wasm_i32x4_shuffle(sum, sum, 2, 3, 0, 1));
  float total = wasm_f32x4_extract_lane(sum, 0) + wasm_f32x4_extract_lane(sum, 1);
  if (total != total) {
    uint32_t index, count;
    lk_find_nan(row->at, row->n, LK_F32, &index, &count);
    if (count) return LK_NAN;
  }
  return LK_OK;
}
