/* SPDX-License-Identifier: MIT */
#include "power.h"

double lk_power(double base, double exponent)
{
  double power = 1;
  for (uint64_t n = (uint64_t)exponent; n > 0; n >>= 1) {
    if (n & 1) power *= base;
    base *= base;
  }
  return power;
}
