/* Exponentials in float64 from + - * / alone, so that every target agrees.   SPDX-License-Identifier: MIT */
#ifndef LK_EXP64_H
#define LK_EXP64_H

/* e^x, below 2 ulp; 0 below -708, where it would be subnormal, +INFINITY above 709. */
double lk_exp64(double x);

/* e^x - 1 for x <= 709, accurate where x is small. */
double lk_expm1(double x);

/* base^exponent for base >= 0 and a finite exponent: 1 where that is 0. Relative error below 4e-16 |exponent ln base|
 * and 1e-15. */
double lk_pow(double base, double exponent);

#endif
