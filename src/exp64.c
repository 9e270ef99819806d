/* SPDX-License-Identifier: MIT */
#include "exp64.h"

/* e^r - 1 for |r| <= ln 2 / 2 by its series: the term of r^15 is below 2^-60 of the sum. */
static v128_t series(v128_t r)
{
  v128_t p = wasm_v128_load64_splat(lk_inverse);
  LK_ROLLED
  for (uint32_t i = 1; i < LK_INVERSES; i++)
    p = wasm_f64x2_add(wasm_f64x2_mul(p, r), wasm_v128_load64_splat(lk_inverse + i));
  return wasm_f64x2_add(r, wasm_f64x2_mul(p, wasm_f64x2_mul(r, r)));
}

/* x = n ln 2 + r; ln 2 in two parts, of which n times the first is exact. n stands in the last bits of a sum. */
v128_t lk_exp64x2(v128_t x)
{
  v128_t magic = wasm_f64x2_splat(0x1.8p52);
  v128_t t = wasm_f64x2_add(wasm_f64x2_mul(x, wasm_f64x2_splat(LK_LOG2E)), magic), n = wasm_f64x2_sub(t, magic);
  v128_t r = wasm_f64x2_sub(x, wasm_f64x2_mul(n, wasm_f64x2_splat(0x1.62e42feep-1)));
  r = wasm_f64x2_sub(r, wasm_f64x2_mul(n, wasm_f64x2_splat(0x1.a39ef35793c76p-33)));
  v128_t power = wasm_i64x2_shl(wasm_i64x2_add(t, wasm_i64x2_splat(1023)), 52);
  v128_t e = wasm_f64x2_mul(wasm_f64x2_add(wasm_f64x2_splat(1), series(r)), power);
  e = wasm_v128_and(e, wasm_f64x2_ge(x, wasm_f64x2_splat(-708)));
  return wasm_v128_bitselect(wasm_f64x2_splat((double)LK_INF), e, wasm_f64x2_gt(x, wasm_f64x2_splat(709)));
}

double lk_exp64(double x) { return wasm_f64x2_extract_lane(lk_exp64x2(wasm_f64x2_splat(x)), 0); }

double lk_expm1(double x)
{
  if (lk_abs(x) < LK_LN2 / 2) return wasm_f64x2_extract_lane(series(wasm_f64x2_splat(x)), 0);
  return lk_exp64(x) - 1;
}
