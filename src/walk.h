/* Passes over a row that weigh every logit and sum the weights in the order of "Mass".   SPDX-License-Identifier: MIT
 *
 * Whole blocks: what lies behind the n elements is -INFINITY. Weights go into `out`: x itself, or no overlap.
 */
#ifndef LK_WALK_H
#define LK_WALK_H

#include "exp.h"
#include "onepass.h"

/* src/exp.h reduces x in two steps, for any T; here T is mild, so the polynomial takes the reduced argument in units of
 * the logit (its coefficients hold the powers of log2 e / T) and one product goes; what is too small becomes the least
 * weight instead of 0, which no sum and no probability of 2^-126 notices. */
typedef struct {
  float scale, magic, hi, lo, floor, a0, a1, a2, a3, a4;
} lk_mild;

/* They set total and max of the result. */
void lk_walk_store(const float *x, uint32_t n, float *out, const lk_mild *k, lk_onepass *result);
void lk_walk_exact(const float *x, uint32_t n, const lk_mild *k, lk_onepass *result);

/* The same from one multiplication instead of a reduction in two steps: hi and lo are not used, and the polynomial's
 * unit is 1. */
void lk_walk_sum(const float *x, uint32_t n, const lk_mild *k, lk_onepass *result);

/* By the table of any T; returns the sum. */
double lk_walk_exp(const float *x, float *out, uint32_t blocks, const lk_exp_table *t);

#endif
