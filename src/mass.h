/* Mass: the sum of weights over a set of tokens, as logitkit.h defines it.   SPDX-License-Identifier: MIT */
#ifndef LK_MASS_H
#define LK_MASS_H

#include "exp.h"
#include "row.h"

/* Over the tokens at or before `last`. One pass over the blocks whose maximum reaches it. */
double lk_mass(const lk_row *row, const lk_exp_table *t, lk_key last);

/* Both parts of the whole row's mass, the tokens at or before `last` and the rest, estimated in one cheaper pass: the
 * true value lies between the estimate / LK_ESTIMATE_UNDER and the estimate * LK_ESTIMATE_OVER. Rows near 0 only
 * (t->base is 0). */
typedef struct {
  double before, rest;
} lk_estimate;

#define LK_ESTIMATE_UNDER 1.0636
#define LK_ESTIMATE_OVER 1.0021

lk_estimate lk_mass_estimate(const lk_row *row, const lk_exp_table *t, lk_key last);

#endif
