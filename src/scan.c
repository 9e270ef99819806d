/* Pass 1 over a float32 row: block maxima, and whether there is a NaN.   SPDX-License-Identifier: MIT
 *
 * Four blocks side by side, a vector of each per step, so that the running maxima are those of the blocks and leave as
 * one vector. The inner loop stays rolled: straight-line code of 64 loads takes half as long again on Node 20 and twice
 * as long on Bun (LOG.md).
 */
#include "row.h"

/* NaNs as integers: a positive one is above +INFINITY among signed integers, a negative one above -INFINITY among
 * unsigned ones, and every other float is below. A floating-point test would compete with the maxima for the same units
 * of the processor. */
typedef struct {
  v128_t as_signed, as_unsigned;
} extremes;

LK_INLINE void look(extremes *e, v128_t a, v128_t b)
{
  e->as_signed = wasm_i32x4_max(e->as_signed, wasm_i32x4_max(a, b));
  e->as_unsigned = wasm_u32x4_max(e->as_unsigned, wasm_u32x4_max(a, b));
}

LK_INLINE bool holds_nan(const extremes *e)
{
  v128_t positive = wasm_i32x4_gt(e->as_signed, wasm_i32x4_splat(0x7f800000));
  v128_t negative = wasm_u32x4_gt(e->as_unsigned, wasm_i32x4_splat((int32_t)0xff800000));
  return wasm_v128_any_true(wasm_v128_or(positive, negative));
}

static int scan32(lk_row *row)
{
  const float *x = row->at;
  v128_t least = wasm_f32x4_splat(-LK_INF), max = least, zero = wasm_i32x4_splat(0);
  extremes even = { zero, zero }, odd = even;
  for (uint32_t b = 0; b < row->blocks; b += 4, x += 3 * LK_BLOCK) {
    v128_t m0 = least, m1 = least, m2 = least, m3 = least;
    LK_ROLLED
    for (const float *end = x + LK_BLOCK; x < end; x += 4) {
      v128_t v0 = wasm_v128_load(x), v1 = wasm_v128_load(x + LK_BLOCK);
      v128_t v2 = wasm_v128_load(x + 2 * LK_BLOCK), v3 = wasm_v128_load(x + 3 * LK_BLOCK);
      m0 = wasm_f32x4_pmax(m0, v0);
      m1 = wasm_f32x4_pmax(m1, v1);
      m2 = wasm_f32x4_pmax(m2, v2);
      m3 = wasm_f32x4_pmax(m3, v3);
      look(&even, v0, v1);
      look(&odd, v2, v3);
    }
    v128_t low = wasm_f32x4_pmax(wasm_i32x4_shuffle(m0, m1, 0, 4, 1, 5), wasm_i32x4_shuffle(m0, m1, 2, 6, 3, 7));
    v128_t high = wasm_f32x4_pmax(wasm_i32x4_shuffle(m2, m3, 0, 4, 1, 5), wasm_i32x4_shuffle(m2, m3, 2, 6, 3, 7));
    v128_t m = wasm_f32x4_pmax(wasm_i64x2_shuffle(low, high, 0, 2), wasm_i64x2_shuffle(low, high, 1, 3));
    wasm_v128_store(row->block_max + b, m);
    max = wasm_f32x4_pmax(max, m);
  }
  row->max = lk_max_lane(max);
  return holds_nan(&even) || holds_nan(&odd) ? LK_NAN : LK_OK;
}

void lk_scan_max(lk_row *row)
{
  row->max = -LK_INF;
  for (uint32_t b = 0; b < row->blocks; b++)
    if (row->block_max[b] > row->max) row->max = row->block_max[b];
}

int lk_scan(lk_row *row)
{
  if (row->n == 0) return LK_EMPTY;
  lk_row_pad(row);
  LK_TALLY(row, read, row->blocks * LK_BLOCK);
  int status = row->dtype == LK_F32 ? scan32(row) : lk_scan16(row);
  if (status == LK_OK && row->mask) lk_scan_masked(row);
  return status;
}
