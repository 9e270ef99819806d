/* lk_softmax.   SPDX-License-Identifier: MIT */
#include "exp.h"
#include "log.h"
#include "onepass.h"
#include "rewrite.h"

/* Weights into out; returns their sum in the order of "Mass". */
static double exp_store(const float *x, float *out, uint32_t blocks, const lk_exp_table *t)
{
  lk_exp_regs r = lk_exp_load(t, lk_exp_poly);
  v128_t low = wasm_f64x2_splat(0), high = low;
  for (uint32_t b = 0; b < blocks; b++, x += LK_BLOCK, out += LK_BLOCK) {
    v128_t s[4];
    LK_UNROLLED
    for (uint32_t j = 0; j < 4; j++) {
      s[j] = lk_exp4(wasm_v128_load(x + 4 * j), &r);
      wasm_v128_store(out + 4 * j, s[j]);
    }
    LK_ROLLED
    for (uint32_t i = 16; i < LK_BLOCK; i += 16) {
      LK_UNROLLED
      for (uint32_t j = 0; j < 4; j++) {
        v128_t e = lk_exp4(wasm_v128_load(x + i + 4 * j), &r);
        wasm_v128_store(out + i + 4 * j, e);
        s[j] = wasm_f32x4_add(s[j], e);
      }
    }
    lk_fold(s[0], s[1], s[2], s[3], &low, &high);
  }
  return lk_fold_total(low, high);
}

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
    sum.total = exp_store(row.at, out, row.blocks, &table);
  }
  scale(out, row.blocks, sum.total);
  return LK_OK;
}

double lk_base_temperature(double temperature, double base) { return base == 1 ? (double)LK_INF : temperature / lk_log(base); }
