/* 16-bit floats and masked rows, converted only where looked at.   SPDX-License-Identifier: MIT
 */
#include "half.h"
#include "row.h"

static float widen1(uint16_t h, uint32_t dtype)
{
  return wasm_f32x4_extract_lane(lk_widen4(wasm_i32x4_splat(h), dtype), 0);
}

/* From the back, so that a row can be widened where it stands. */
void lk_widen(const void *x, uint32_t n, uint32_t dtype, float *out)
{
  const uint16_t *h = x;
  for (uint32_t i = n; i-- > 0;) out[i] = widen1(h[i], dtype);
}

void lk_find_nan(const void *x, uint32_t n, uint32_t dtype, uint32_t *index, uint32_t *count)
{
  const uint16_t *h = x;
  const float *f = x;
  *count = 0;
  for (uint32_t i = n; i-- > 0;) {
    uint32_t bits = dtype == LK_F32 ? lk_bits(f[i]) & 0x7fffffff : (h[i] & 0x7fffu);
    if (bits > (dtype == LK_F32 ? 0x7f800000u : dtype == LK_F16 ? 0x7c00u : 0x7f80u)) {
      *index = i;
      ++*count;
    }
  }
}

/* Block b of `from`, with the mask applied, into z, which may be the same. */
static void apply_mask(const lk_row *row, uint32_t b, const float *from, float *z)
{
  v128_t none = wasm_f32x4_splat(-LK_INF);
  for (uint32_t half = 0; half < 2; half++) {
    v128_t word = wasm_i32x4_splat((int32_t)lk_row_word(row, b * 2 + half)), bit = wasm_i32x4_make(1, 2, 4, 8);
    LK_ROLLED
    for (const float *end = from + 32; from < end; from += 4, z += 4) {
      v128_t in = wasm_i32x4_eq(wasm_v128_and(word, bit), bit);
      wasm_v128_store(z, wasm_v128_bitselect(wasm_v128_load(from), none, in));
      bit = wasm_i32x4_shl(bit, 4);
    }
  }
}

LK_INLINE void convert(const uint16_t *h, float *out, uint32_t dtype)
{
  LK_ROLLED
  for (uint32_t i = 0; i < LK_BLOCK; i += 8) {
    v128_t v = wasm_v128_load(h + i);
    wasm_v128_store(out + i, lk_widen4(wasm_u32x4_extend_low_u16x8(v), dtype));
    wasm_v128_store(out + i + 4, lk_widen4(wasm_u32x4_extend_high_u16x8(v), dtype));
  }
}

const float *lk_row_convert(const lk_row *row, uint32_t b, float *scratch)
{
  const uint16_t *h = (const uint16_t *)row->at + (size_t)b * LK_BLOCK;
  const float *from = row->dtype == LK_F32 ? (const float *)row->at + (size_t)b * LK_BLOCK : scratch;
  if (row->dtype == LK_F16) convert(h, scratch, LK_F16);
  if (row->dtype == LK_BF16) convert(h, scratch, LK_BF16);
  if (row->mask) apply_mask(row, b, from, scratch);
  return scratch;
}

float lk_row_at(const lk_row *row, uint32_t id)
{
  if (row->mask && !(lk_row_word(row, id >> 5) >> (id & 31) & 1)) return -LK_INF;
  if (row->dtype == LK_F32) return ((const float *)row->at)[id];
  return widen1(((const uint16_t *)row->at)[id], row->dtype);
}
