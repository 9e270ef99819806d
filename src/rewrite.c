/* SPDX-License-Identifier: MIT */
#include "rewrite.h"

float lk_rewritten(lk_rewrite how, float z, float max, double temperature)
{
  if (z == -LK_INF) return z;
  switch (how) {
    case LK_REWRITE_NEGATE: return z == LK_INF && temperature == (double)LK_INF ? -LK_FLT_MAX : -z;
    case LK_REWRITE_FLAT: return 0;
    case LK_REWRITE_PEAK: return z == max ? 0 : -LK_INF;
    case LK_REWRITE_DIVIDE: return (float)(((double)z - max) / temperature);
    case LK_REWRITE_QUOTIENT: return lk_finite(z, z / temperature);
    default: return z;
  }
}

/* Is +INFINITY all that survives? */
static bool all_infinite(const lk_row *row, lk_key cut)
{
  if (row->max != LK_INF) return false;
  _Alignas(16) float scratch[LK_BLOCK];
  for (uint32_t b = 0; b < row->blocks; b++) {
    const float *x = lk_row_block(row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++)
      if (x[i] > -LK_INF && x[i] < LK_INF && lk_key_keeps(cut, x[i], b * LK_BLOCK + i)) return false;
  }
  return true;
}

void lk_row_rewrite(lk_row *row, lk_key cut, lk_rewrite how, double temperature, lk_work *w)
{
  if (how == LK_REWRITE_NEGATE && all_infinite(row, cut)) how = LK_REWRITE_FLAT;
  _Alignas(16) float scratch[LK_BLOCK];
  LK_TALLY(row, read, row->blocks * LK_BLOCK);
  LK_TALLY(row, written, row->blocks * LK_BLOCK);
  bool plain = how == LK_REWRITE_COPY && cut.z == -LK_INF && row->at != w->spare;
  for (uint32_t b = 0; b < row->blocks; b++) {
    float *out = w->spare + (size_t)b * LK_BLOCK;
    if (plain) {
      lk_row_convert(row, b, out);
      continue;
    }
    const float *x = lk_row_block(row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      bool survives = lk_key_keeps(cut, x[i], b * LK_BLOCK + i);
      out[i] = survives ? lk_rewritten(how, x[i], row->max, temperature) : -LK_INF;
    }
  }
  lk_row_open(row, w->spare, row->n, LK_F32, w);
}

/* Four tokens from id on: which are at or before the place. */
LK_INLINE v128_t reached(v128_t x, v128_t ids, lk_key key)
{
  v128_t z = wasm_f32x4_splat(key.z);
  v128_t equal = wasm_v128_and(wasm_f32x4_eq(x, z), wasm_i32x4_le(ids, wasm_i32x4_splat(key.id)));
  return wasm_v128_or(wasm_f32x4_gt(x, z), equal);
}

void lk_row_window(lk_row *row, lk_key before, lk_key last, lk_work *w)
{
  _Alignas(16) float scratch[LK_BLOCK];
  v128_t ids = wasm_i32x4_make(0, 1, 2, 3), none = wasm_f32x4_splat(-LK_INF);
  for (uint32_t b = 0; b < row->blocks; b++) {
    const float *x = lk_row_block(row, b, scratch);
    float *out = w->spare + (size_t)b * LK_BLOCK;
    for (uint32_t i = 0; i < LK_BLOCK; i += 4, ids = wasm_i32x4_add(ids, wasm_i32x4_splat(4))) {
      v128_t v = wasm_v128_load(x + i);
      v128_t in = wasm_v128_andnot(reached(v, ids, last), reached(v, ids, before));
      wasm_v128_store(out + i, wasm_v128_bitselect(v, none, in));
    }
  }
  lk_row_open(row, w->spare, row->n, LK_F32, w);
}

int lk_row_prepare(lk_row *row, double *temperature, lk_work *w)
{
  int status = lk_scan(row);
  if (status != LK_OK) return status;
  if (row->max == -LK_INF) return LK_MASKED;
  double t = *temperature;
  if (lk_temperature_ordinary(t) && t < (double)LK_INF && row->max < LK_INF) return LK_OK;
  *temperature = 1;
  lk_rewrite how = LK_REWRITE_DIVIDE;
  if (lk_abs(t) == (double)LK_INF) how = LK_REWRITE_FLAT;
  else if (lk_temperature_zero(t)) how = LK_REWRITE_PEAK;
  else if (t < 0) {
    lk_row_rewrite(row, LK_KEY_ALL, LK_REWRITE_NEGATE, 1, w);
    *temperature = -t;
    return lk_row_prepare(row, temperature, w);
  } else if (row->max == LK_INF) how = LK_REWRITE_PEAK;
  lk_row_rewrite(row, LK_KEY_ALL, how, t, w);
  return lk_scan(row);
}
