/* SPDX-License-Identifier: MIT */
#include "power.h"

#include "exp64.h"
#include "log.h"

double lk_pow(double base, double exponent)
{
  if (exponent == 0) return 1;
  return lk_exp64(exponent * lk_log(base));
}

double lk_power(double base, double exponent)
{
  double power = 1;
  for (uint64_t n = (uint64_t)exponent; n > 0; n >>= 1) {
    if (n & 1) power *= base;
    base *= base;
  }
  return power;
}
