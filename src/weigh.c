/* lk_weigh: weights in float64.   SPDX-License-Identifier: MIT */
#include "exp64.h"
#include "log.h"

double lk_weigh(double *depth, uint32_t n, uint32_t best, double *weights, double *sums)
{
  if (n & 1) depth[n] = (double)LK_INF;
  v128_t zero = wasm_f64x2_splat(0), rest = zero, mean = zero;
  for (uint32_t i = 0; i < n; i += 2) {
    v128_t d = wasm_v128_load(depth + i), e = lk_exp64x2(wasm_f64x2_neg(d));
    wasm_v128_store(weights + i, e);
    /* Where d is infinite, the product is NaN and stands for 0. */
    mean = wasm_f64x2_add(mean, wasm_v128_and(wasm_f64x2_mul(e, d), wasm_f64x2_gt(e, zero)));
    if (i == (best & ~1u)) e = best & 1 ? wasm_f64x2_replace_lane(e, 1, 0) : wasm_f64x2_replace_lane(e, 0, 0);
    rest = wasm_f64x2_add(rest, e);
  }
  double total = wasm_f64x2_extract_lane(rest, 0) + wasm_f64x2_extract_lane(rest, 1);
  sums[0] = lk_log1p(total);
  sums[1] = (wasm_f64x2_extract_lane(mean, 0) + wasm_f64x2_extract_lane(mean, 1)) / (1 + total);
  return 1 + total;
}
