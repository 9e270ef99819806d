/* lk_softmax.   SPDX-License-Identifier: MIT */
#include "log.h"
#include "onepass.h"
#include "rewrite.h"
#include "walk.h"

/* Probabilities below 2^-126 are dropped before the product, which then is never subnormal (and never slow). */
static void scale(float *out, uint32_t blocks, double total)
{
  v128_t factor = wasm_f32x4_splat((float)(1 / total));
  v128_t least = wasm_f32x4_splat((float)(total * 0x1.000001p-126));
  for (uint32_t i = 0; i < blocks * LK_BLOCK; i += 4) {
    v128_t e = wasm_v128_load(out + i);
    wasm_v128_store(out + i, wasm_f32x4_mul(wasm_v128_and(e, wasm_f32x4_ge(e, least)), factor));
  }
}

int lk_softmax(float *x, uint32_t n, double temperature, float *out, void *work)
{
  lk_work w;
  lk_row row;
  lk_onepass sum;
  lk_exp_table table;
  lk_row_begin(&row, x, n, &w, work);
  if (n == 0) return LK_EMPTY;
  /* In place a row that turns out to be bad could not be given back, so there pass 1 comes first. */
  if (out != x) {
    lk_row_pad(&row);
    LK_TALLY(&row, exps, row.blocks * LK_BLOCK);
    if (lk_onepass_weights(x, n, temperature, lk_guess_max(x, n), out, &sum)) {
      scale(out, row.blocks, sum.total);
      return LK_OK;
    }
  }
  int status = lk_row_prepare(&row, &temperature, &w);
  if (status != LK_OK) return status;
  LK_TALLY(&row, exps, row.blocks * LK_BLOCK);
  if (!lk_onepass_weights(row.at, n, temperature, row.max, out, &sum)) {
    lk_exp_init(&table, temperature, row.max);
    sum.total = lk_walk_exp(row.at, out, row.blocks, &table);
  }
  scale(out, row.blocks, sum.total);
  return LK_OK;
}

double lk_base_temperature(double temperature, double base) { return base == 1 ? (double)LK_INF : temperature / lk_log(base); }
