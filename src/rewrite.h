/* Rows written anew, so that kernels only meet a finite maximum and an ordinary temperature.   SPDX-License-Identifier: MIT */
#ifndef LK_REWRITE_H
#define LK_REWRITE_H

#include "row.h"

/* What becomes of a surviving logit z; all others become -INFINITY. */
typedef enum {
  LK_REWRITE_COPY,   /* z */
  LK_REWRITE_NEGATE, /* -z; +INFINITY becomes -INFINITY, unless nothing else is left (then all become 0) or T is
                        infinite (then it is the last) */
  LK_REWRITE_FLAT,   /* 0 */
  LK_REWRITE_PEAK,   /* 0 where z is the maximum, else -INFINITY */
  LK_REWRITE_DIVIDE, /* (z - max) / T */
  LK_REWRITE_QUOTIENT /* z / T in float32, finite where z is */
} lk_rewrite;

/* T = 0, -0, or so small that 1/T is not finite in float32. */
static inline bool lk_temperature_zero(double t) { return lk_abs(t) < 0x1.000001p-128; }

/* What lk_exp_init takes. */
static inline bool lk_temperature_ordinary(double t) { return (t >= 0x1p-90 && t <= 0x1p90) || t == (double)LK_INF; }

float lk_rewritten(lk_rewrite how, float z, float max, double temperature);

/* The scanned row's tokens at or before `cut`, rewritten into w->spare, which becomes the row: not scanned, unmasked. */
void lk_row_rewrite(lk_row *row, lk_key cut, lk_rewrite how, double temperature, lk_work *w);

/* The scanned row's tokens at or before `last`, but not those at or before `before`, into w->spare, which becomes the
 * row as above. A place before all is { INFINITY, -1 }. */
void lk_row_window(lk_row *row, lk_key before, lk_key last, lk_work *w);

/* For the functions of a row: scans it, and rewrites it and *temperature where they are not ordinary, so that softmax is
 * the same. LK_EMPTY, LK_NAN, LK_MASKED. */
int lk_row_prepare(lk_row *row, double *temperature, lk_work *w);

#endif
