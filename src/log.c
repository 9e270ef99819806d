/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "base.h"

/* x = 2^e m with m in [sqrt(1/2), sqrt 2); ln m = 2 atanh s, s = (m - 1) / (m + 1), |s| < 0.1716, so the terms fall by
 * 0.0295 each and the twelfth is below 2^-60 of the sum. */
double lk_log(double x)
{
  if (!(x > 0)) return -(double)LK_INF;
  if (x > LK_DBL_MAX) return x;
  int32_t e = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 0x1p54;
    e = -54;
  }
  uint64_t u;
  __builtin_memcpy(&u, &x, 8);
  e += (int32_t)(u >> 52) - 1023;
  u = (u & 0xfffffffffffffu) | 0x3ff0000000000000u;
  double m;
  __builtin_memcpy(&m, &u, 8);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  double s = (m - 1) / (m + 1);
  double q = s * s;
  double tail = 1.0 / 23;
  for (int k = 21; k >= 3; k -= 2) tail = tail * q + 1.0 / k;
  /* ln 2 in two parts: the first has 32 bits, so e times it is exact. */
  return e * 0x1.62e42feep-1 + (2 * s + (2 * s * q * tail + e * 0x1.a39ef35793c76p-33));
}

/* u = 1 + x loses low bits of x; ln(u) x / (u - 1) puts them back (Kahan's device). */
double lk_log1p(double x)
{
  double u = 1 + x;
  if (u == 1) return x;
  return lk_log(u) * (x / (u - 1));
}
