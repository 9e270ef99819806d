/* SPDX-License-Identifier: MIT */
#include "exp64.h"

#include "base.h"
#include "log.h"

/* 1/14!, 1/13!, ... 1/2! */
static const double inverse[] = {
  0x1.93974a8c07c9dp-37, 0x1.6124613a86d09p-33, 0x1.1eed8eff8d898p-29, 0x1.ae64567f544e4p-26, 0x1.27e4fb7789f5cp-22,
  0x1.71de3a556c734p-19, 0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-13, 0x1.6c16c16c16c17p-10, 0x1.1111111111111p-7,
  0x1.5555555555555p-5,  0x1.5555555555555p-3,  0.5,
};

/* e^r - 1 for |r| <= ln 2 / 2 by its series: the term of r^15 is below 2^-60 of the sum. */
static double series(double r)
{
  double p = inverse[0];
  for (uint32_t i = 1; i < sizeof inverse / sizeof *inverse; i++) p = p * r + inverse[i];
  return r + p * (r * r);
}

/* x = n ln 2 + r; ln 2 in two parts, of which n times the first is exact. */
static double reduce(double x, double *n)
{
  *n = lk_round(x * LK_LOG2E);
  return (x - *n * 0x1.62e42feep-1) - *n * 0x1.a39ef35793c76p-33;
}

double lk_exp64(double x)
{
  if (!(x >= -708)) return 0;
  if (x > 709) return (double)LK_INF;
  double n, r = reduce(x, &n);
  return (1 + series(r)) * lk_pow2((int32_t)n);
}

double lk_expm1(double x)
{
  if (lk_abs(x) < LK_LN2 / 2) return series(x);
  return lk_exp64(x) - 1;
}

double lk_pow(double base, double exponent)
{
  if (exponent == 0) return 1;
  return lk_exp64(exponent * lk_log(base));
}
