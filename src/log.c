/* SPDX-License-Identifier: MIT */
#include "log.h"

#include "base.h"

/* 1/23, 1/21, ... 1/3, from the compiler: divisions would take longer than all the rest. */
static const double odd[] = { 1.0 / 23, 1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13,
                              1.0 / 11, 1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3 };

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
  double tail = odd[0];
  for (uint32_t i = 1; i < sizeof odd / sizeof *odd; i++) tail = tail * q + odd[i];
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
