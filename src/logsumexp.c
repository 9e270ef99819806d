/* lk_logsumexp and lk_log_softmax: logarithms of the sum of weights.   SPDX-License-Identifier: MIT */
#include "argmax.h"
#include "exp.h"
#include "log.h"
#include "mass.h"
#include "onepass.h"
#include "rewrite.h"

/* The same from a sum in which nothing is left out: as good, unless nearly all of it is the largest term. */
static bool ln_share_onepass(const float *x, uint32_t n, double temperature, float guess, lk_onepass *sum, double *share)
{
  if (!lk_onepass_weights(x, n, temperature, guess, 0, sum)) return false;
  double ln_sum = sum->ref * LK_LN2 + lk_log(sum->total / sum->one);
  *share = ln_sum - sum->max / temperature;
  return *share > 0.5;
}

/* ln(sum / the largest term) >= 0, of a prepared row. The largest term is left out of the sum and put back by log1p, so
 * that a probability near 1 keeps its digits. */
static double ln_share(lk_row *row, double temperature, lk_exp_table *t)
{
  lk_exp_init(t, temperature, row->max);
  uint32_t id = lk_row_argmax(row);
  float *z = (float *)row->at + id;
  float max = *z;
  *z = -LK_INF;
  double rest = lk_mass(row, t, LK_KEY_ALL);
  *z = max;
  lk_exp_regs r = lk_exp_load(t, lk_exp_poly);
  double peak = wasm_f32x4_extract_lane(lk_exp4(wasm_f32x4_splat(max), &r), 0);
  return lk_log1p(rest / peak);
}

/* (x - max) / T - share: both terms have one sign, so nothing cancels. */
static void subtract(const float *x, float *out, uint32_t blocks, float max, double temperature, double share)
{
  v128_t max4 = wasm_f32x4_splat(max), cold = wasm_f32x4_splat((float)(1 / temperature));
  v128_t share4 = wasm_f32x4_splat((float)share);
  for (uint32_t i = 0; i < blocks * LK_BLOCK; i += 4) {
    v128_t d = wasm_f32x4_sub(wasm_v128_load(x + i), max4);
    wasm_v128_store(out + i, wasm_f32x4_sub(wasm_f32x4_mul(d, cold), share4));
  }
}

int lk_log_softmax(float *x, uint32_t n, double temperature, float *out, void *work)
{
  lk_work w;
  lk_row row;
  lk_onepass sum;
  lk_exp_table table;
  double share;
  lk_row_begin(&row, x, n, &w, work);
  if (n == 0) return LK_EMPTY;
  lk_row_pad(&row);
  LK_TALLY(&row, exps, row.blocks * LK_BLOCK);
  if (ln_share_onepass(x, n, temperature, lk_guess_max(x, n), &sum, &share)) {
    subtract(x, out, row.blocks, sum.max, temperature, share);
    return LK_OK;
  }
  int status = lk_row_prepare(&row, &temperature, &w);
  if (status != LK_OK) return status;
  if (!ln_share_onepass(row.at, n, temperature, row.max, &sum, &share)) share = ln_share(&row, temperature, &table);
  subtract(row.at, out, row.blocks, row.max, temperature, share);
  return LK_OK;
}

/* Temperatures without a weight table: the limit of the sum itself, which is what softmax divides by. */
static int limit(lk_row *row, double temperature, double *out)
{
  double count = 0, bearers = 0;
  const float *x = row->at;
  for (uint32_t i = 0; i < row->n; i++) {
    count += x[i] > -LK_INF;
    bearers += x[i] == row->max;
  }
  if (lk_abs(temperature) == (double)LK_INF) *out = lk_log(count);
  else if (row->max == 0) *out = lk_log(bearers);
  else *out = row->max > 0 ? (double)LK_INF : -(double)LK_INF;
  return LK_OK;
}

int lk_logsumexp(float *x, uint32_t n, double temperature, double *out, void *work)
{
  lk_work w;
  lk_row row;
  lk_onepass sum;
  lk_exp_table table;
  lk_row_begin(&row, x, n, &w, work);
  if (n == 0) return LK_EMPTY;
  lk_row_pad(&row);
  LK_TALLY(&row, exps, row.blocks * LK_BLOCK);
  if (lk_onepass_sum(x, n, temperature, lk_guess_max(x, n), &sum)) {
    *out = sum.ref * LK_LN2 + lk_log(sum.total / sum.one);
    return LK_OK;
  }
  int status = lk_scan(&row);
  if (status != LK_OK) return status;
  if (lk_onepass_sum(x, n, temperature, row.max, &sum)) { /* the sample had missed the maximum by far */
    *out = sum.ref * LK_LN2 + lk_log(sum.total / sum.one);
    return LK_OK;
  }
  *out = -(double)LK_INF;
  if (row.max == -LK_INF) return LK_OK;
  if (lk_temperature_zero(temperature) || lk_abs(temperature) == (double)LK_INF) return limit(&row, temperature, out);
  if (temperature < 0) {
    lk_row_rewrite(&row, LK_KEY_ALL, LK_REWRITE_NEGATE, 1, &w);
    temperature = -temperature;
    lk_scan(&row);
  }
  if (row.max == LK_INF) {
    *out = row.max;
    return LK_OK;
  }
  double top = row.max / temperature;
  status = lk_row_prepare(&row, &temperature, &w);
  if (status == LK_OK) *out = top + ln_share(&row, temperature, &table);
  return status;
}
