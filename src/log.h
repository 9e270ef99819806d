/* Natural logarithms in float64 from + - * / alone, so that every target agrees.   SPDX-License-Identifier: MIT */
#ifndef LK_LOG_H
#define LK_LOG_H

#include "logitkit.h" /* lk_log */

/* ln(1 + x) for x >= -1, accurate where x is small. */
double lk_log1p(double x);

#endif
