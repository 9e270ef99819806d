/* Powers.   SPDX-License-Identifier: MIT */
#ifndef LK_POWER_H
#define LK_POWER_H

#include "base.h"

/* base^exponent by repeated squaring, float64; exponent an integer in [0, 2^53]. Relative error below exponent 2^-53;
 * INFINITY where it overflows. */
double lk_power(double base, double exponent);

/* base^exponent for base >= 0 and a finite exponent: 1 where that is 0. Relative error below 4e-16 |exponent ln base|
 * and 1e-15. */
double lk_pow(double base, double exponent);

#endif
