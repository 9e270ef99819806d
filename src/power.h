/* Powers with whole exponents.   SPDX-License-Identifier: MIT */
#ifndef LK_POWER_H
#define LK_POWER_H

#include "base.h"

/* base^exponent by repeated squaring, float64; exponent an integer in [0, 2^53]. Relative error below exponent 2^-53;
 * INFINITY where it overflows. */
double lk_power(double base, double exponent);

#endif
