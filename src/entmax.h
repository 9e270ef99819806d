/* alpha-entmax over a row: its solution, and what each logit gets of it.   SPDX-License-Identifier: MIT */
#ifndef LK_ENTMAX_H
#define LK_ENTMAX_H

#include "row.h"

/* With a = alpha - 1, z = a (x - max) / T and g the largest probability, every probability is (g^a + z)^(1/a), 0 where
 * that sum is not above 0. `height` is g^a, `less` is g^a - 1; what is below `least` surely has none. */
typedef struct {
  double g, height, less;
  float least;
} lk_entmax_guess;

/* p = the sum over both guesses, times their shares. */
typedef struct {
  double a, top, rate; /* z = (x - top) * rate */
  lk_entmax_guess low, high;
  double low_share, high_share;
} lk_entmax_solution;

/* Over the scanned row's tokens at or before `cut`; its maximum is finite and among them. alpha > 1, T ordinary. */
void lk_entmax_solve(lk_entmax_solution *s, const lk_row *row, lk_key cut, double alpha, double temperature);

/* The probability of a token with this logit, which is at least low.least. */
double lk_entmax_of(const lk_entmax_solution *s, float x);

#endif
