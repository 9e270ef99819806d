/* Pass 1 over 16-bit rows, and over any row under a mask.   SPDX-License-Identifier: MIT */
#include "row.h"

static float max_of_block(const float *z)
{
  v128_t m = wasm_v128_load(z);
  for (uint32_t i = 4; i < LK_BLOCK; i += 4) m = wasm_f32x4_pmax(m, wasm_v128_load(z + i));
  m = wasm_f32x4_pmax(m, wasm_i32x4_shuffle(m, m, 2, 3, 0, 1));
  m = wasm_f32x4_pmax(m, wasm_i32x4_shuffle(m, m, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(m, 0);
}

/* h ^ ((h >> 15) >>> 1): the key that orders 16-bit floats as integers; its own inverse. */
LK_INLINE v128_t key16(v128_t h) { return wasm_v128_xor(h, wasm_u16x8_shr(wasm_i16x8_shr(h, 15), 1)); }

/* The largest key of 64 logits in lane 0, the largest magnitude so far in *worst. */
LK_INLINE v128_t block_key(const uint16_t *h, v128_t *worst)
{
  v128_t v = wasm_v128_load(h), m = key16(v);
  v128_t top = wasm_i16x8_splat(0x7fff), w = wasm_v128_and(v, top);
  for (uint32_t i = 8; i < LK_BLOCK; i += 8) {
    v = wasm_v128_load(h + i);
    m = wasm_i16x8_max(m, key16(v));
    w = wasm_i16x8_max(w, wasm_v128_and(v, top));
  }
  *worst = wasm_i16x8_max(*worst, w);
  m = wasm_i16x8_max(m, wasm_i64x2_shuffle(m, m, 1, 0));
  m = wasm_i16x8_max(m, wasm_i32x4_shuffle(m, m, 1, 0, 3, 2));
  return wasm_i16x8_max(m, wasm_i16x8_shuffle(m, m, 1, 0, 3, 2, 5, 4, 7, 6));
}

static bool scan_keys(const lk_row *row)
{
  const uint16_t *h = row->at;
  v128_t worst = wasm_i16x8_splat(0);
  uint16_t key[4];
  for (uint32_t b = 0; b < row->blocks; b++, h += LK_BLOCK) {
    key[b & 3] = (uint16_t)wasm_i16x8_extract_lane(block_key(h, &worst), 0);
    if ((b & 3) < 3) continue;
    for (uint32_t j = 0; j < 4; j++) {
      uint16_t k = key[j];
      uint16_t bits = (uint16_t)(k ^ ((uint16_t)-(k >> 15) >> 1));
      lk_widen(&bits, 1, row->dtype, row->block_max + b - 3 + j);
    }
  }
  int16_t limit = row->dtype == LK_F16 ? 0x7c00 : 0x7f80;
  return wasm_v128_any_true(wasm_i16x8_gt(worst, wasm_i16x8_splat(limit)));
}

static bool scan_blocks(const lk_row *row)
{
  _Alignas(16) float scratch[LK_BLOCK];
  uint32_t index, count;
  for (uint32_t b = 0; b < row->blocks; b++) row->block_max[b] = max_of_block(lk_row_convert(row, b, scratch));
  lk_find_nan(row->at, row->n, row->dtype, &index, &count);
  return count != 0;
}

int lk_scan_any(lk_row *row)
{
  if (row->mask ? scan_blocks(row) : scan_keys(row)) return LK_NAN;
  row->max = -LK_INF;
  for (uint32_t b = 0; b < row->blocks; b++)
    if (row->block_max[b] > row->max) row->max = row->block_max[b];
  return LK_OK;
}
