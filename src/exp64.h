/* Exponentials in float64 from + - * / alone, so that every target agrees.   SPDX-License-Identifier: MIT */
#ifndef LK_EXP64_H
#define LK_EXP64_H

#include "base.h"

/* 1/14!, 1/13!, ... 1/2!: of the series that e^x is taken from. */
static const double lk_inverse[] = {
  0x1.93974a8c07c9dp-37, 0x1.6124613a86d09p-33, 0x1.1eed8eff8d898p-29, 0x1.ae64567f544e4p-26, 0x1.27e4fb7789f5cp-22,
  0x1.71de3a556c734p-19, 0x1.a01a01a01a01ap-16, 0x1.a01a01a01a01ap-13, 0x1.6c16c16c16c17p-10, 0x1.1111111111111p-7,
  0x1.5555555555555p-5,  0x1.5555555555555p-3,  0.5,
};
#define LK_INVERSES (sizeof lk_inverse / sizeof *lk_inverse)

/* e^x, below 2 ulp; 0 below -708, where it would be subnormal, +INFINITY above 709. */
double lk_exp64(double x);
v128_t lk_exp64x2(v128_t x);

/* e^x - 1 for x <= 709, accurate where x is small. */
double lk_expm1(double x);

#endif
