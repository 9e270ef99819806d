/* Stands in for src/exp64.c where there are no vectors.   SPDX-License-Identifier: MIT */
#include "../exp64.h"

/* As there, operation by operation. */
static double series(double r)
{
  double p = lk_inverse[0];
  for (uint32_t i = 1; i < LK_INVERSES; i++) p = p * r + lk_inverse[i];
  return r + p * (r * r);
}

double lk_exp64(double x)
{
  if (!(x >= -708)) return 0;
  if (x > 709) return (double)LK_INF;
  double n = lk_round(x * LK_LOG2E), r = x - n * 0x1.62e42feep-1;
  return (1 + series(r - n * 0x1.a39ef35793c76p-33)) * lk_pow2((int32_t)n);
}

v128_t lk_exp64x2(v128_t x)
{
  double e = lk_exp64(wasm_f64x2_extract_lane(x, 0));
  return wasm_f64x2_replace_lane(wasm_f64x2_splat(e), 1, lk_exp64(wasm_f64x2_extract_lane(x, 1)));
}

double lk_expm1(double x)
{
  if (lk_abs(x) < LK_LN2 / 2) return series(x);
  return lk_exp64(x) - 1;
}
