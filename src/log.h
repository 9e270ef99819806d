/* Natural logarithms in float64 from + - * / alone, so that every target agrees.   SPDX-License-Identifier: MIT */
#ifndef LK_LOG_H
#define LK_LOG_H

/* ln x for finite x > 0, below 2 ulp; -INFINITY for 0, +INFINITY for +INFINITY. */
double lk_log(double x);

/* ln(1 + x) for x >= -1, accurate where x is small. */
double lk_log1p(double x);

#endif
