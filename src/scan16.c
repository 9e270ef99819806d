/* Pass 1 over 16-bit rows, and what a mask makes of any.   SPDX-License-Identifier: MIT */
#include "half.h"
#include "row.h"

static float max_of_block(const float *z)
{
  v128_t m = wasm_v128_load(z);
  for (uint32_t i = 4; i < LK_BLOCK; i += 4) m = wasm_f32x4_pmax(m, wasm_v128_load(z + i));
  return lk_max_lane(m);
}

/* 16-bit floats as integers. Among the signed ones the largest is the largest float if any is positive; if none is, the
 * smallest is (magnitudes count backwards). NaNs are found as in scan.c. So nothing is converted but block maxima. */
typedef struct {
  v128_t most, least;
} signed_range;

LK_INLINE void include(signed_range *r, v128_t h)
{
  r->most = wasm_i16x8_max(r->most, h);
  r->least = wasm_i16x8_min(r->least, h);
}

/* The extremes of four blocks, eight lanes each, in the even lanes of one vector: pairs of lanes are met until one is
 * left of each block. */
#define MEET(op, a, b, c, d)                                                                       \
  v128_t ab = op(wasm_i64x2_shuffle(a, b, 0, 2), wasm_i64x2_shuffle(a, b, 1, 3));                  \
  v128_t cd = op(wasm_i64x2_shuffle(c, d, 0, 2), wasm_i64x2_shuffle(c, d, 1, 3));                  \
  v128_t abcd = op(wasm_i32x4_shuffle(ab, cd, 0, 2, 4, 6), wasm_i32x4_shuffle(ab, cd, 1, 3, 5, 7)); \
  return op(abcd, wasm_i16x8_shuffle(abcd, abcd, 1, 0, 3, 2, 5, 4, 7, 6))

LK_INLINE v128_t meet_most(v128_t a, v128_t b, v128_t c, v128_t d) { MEET(wasm_i16x8_max, a, b, c, d); }
LK_INLINE v128_t meet_least(v128_t a, v128_t b, v128_t c, v128_t d) { MEET(wasm_i16x8_min, a, b, c, d); }

/* The float32 maxima of four blocks. */
LK_INLINE v128_t maxima(const signed_range r[4], uint32_t dtype)
{
  v128_t most = meet_most(r[0].most, r[1].most, r[2].most, r[3].most);
  v128_t least = meet_least(r[0].least, r[1].least, r[2].least, r[3].least);
  v128_t h = wasm_v128_bitselect(least, most, wasm_i16x8_shr(most, 15));
  return lk_widen4(h, dtype);
}

static bool scan_keys(const lk_row *row)
{
  const uint16_t *h = row->at;
  int16_t inf = row->dtype == LK_F16 ? 0x7c00 : 0x7f80;
  v128_t most = wasm_i16x8_splat(0), most_unsigned = most;
  for (uint32_t b = 0; b < row->blocks; b += 4, h += 3 * LK_BLOCK) {
    signed_range r[4];
    for (uint32_t j = 0; j < 4; j++) r[j].most = r[j].least = wasm_v128_load(h + j * LK_BLOCK);
    LK_ROLLED
    for (const uint16_t *end = h + LK_BLOCK; h < end; h += 8) {
      v128_t v0 = wasm_v128_load(h), v1 = wasm_v128_load(h + LK_BLOCK);
      v128_t v2 = wasm_v128_load(h + 2 * LK_BLOCK), v3 = wasm_v128_load(h + 3 * LK_BLOCK);
      include(&r[0], v0);
      include(&r[1], v1);
      include(&r[2], v2);
      include(&r[3], v3);
      most_unsigned = wasm_u16x8_max(most_unsigned, wasm_u16x8_max(wasm_u16x8_max(v0, v1), wasm_u16x8_max(v2, v3)));
    }
    for (uint32_t j = 0; j < 4; j++) most = wasm_i16x8_max(most, r[j].most);
    wasm_v128_store(row->block_max + b, maxima(r, row->dtype));
  }
  v128_t positive = wasm_i16x8_gt(most, wasm_i16x8_splat(inf));
  v128_t negative = wasm_u16x8_gt(most_unsigned, wasm_i16x8_splat((int16_t)(inf | 0x8000)));
  return wasm_v128_any_true(wasm_v128_or(positive, negative));
}

int lk_scan16(lk_row *row)
{
  if (scan_keys(row)) return LK_NAN;
  lk_scan_max(row);
  return LK_OK;
}

/* Blocks that the mask leaves alone keep the maximum they have, and those that it bans throughout are not read again. */
void lk_scan_masked(lk_row *row)
{
  _Alignas(16) float scratch[LK_BLOCK];
  for (uint32_t b = 0; b < row->blocks; b++) {
    uint32_t low = lk_row_word(row, 2 * b), high = lk_row_word(row, 2 * b + 1);
    if ((low & high) == 0xffffffff) continue;
    row->block_max[b] = (low | high) == 0 ? -LK_INF : max_of_block(lk_row_convert(row, b, scratch));
  }
  lk_scan_max(row);
}
