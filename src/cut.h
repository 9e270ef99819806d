/* Truncations that keep the likeliest survivors, and those that pick among all.   SPDX-License-Identifier: MIT */
#ifndef LK_CUT_H
#define LK_CUT_H

#include "chain.h"

/* Keeps the survivors with x >= max - depth, depth in units of x (below 0 counts as 0, NaN as well), and those that
 * min_keep protects. With a maximum of +INFINITY only its equals stay. */
int lk_chain_cut(lk_chain *c, double depth);

/* The same, protecting the first `keep` (at least 1) in place of those of min_keep. */
int lk_chain_cut_but(lk_chain *c, double depth, uint32_t keep);

/* Keeps those at least e^ln_ratio times as likely as the likeliest, and those that min_keep protects. */
int lk_chain_cut_ratio(lk_chain *c, double ln_ratio);

/* The first survivors in descending order, with their weights. z, id and e hold `count` each, and e as many as make a
 * multiple of 4. Valid until something else is selected. */
typedef struct {
  lk_chain *c;
  uint32_t count;
  const float *e;
} lk_sorted;

/* So many come without sorting the row: for what is nearly always decided among the first. */
#define LK_SORTED_FEW LK_LIST

/* The first min(k, survivors), after settling a top_p and weighing. */
int lk_sorted_open(lk_sorted *sorted, lk_chain *c, uint32_t k);
float lk_sorted_z(const lk_sorted *sorted, uint32_t i);
uint32_t lk_sorted_id(const lk_sorted *sorted, uint32_t i);

/* The same weights in float64, e^((z - first z) / T): where differences of them or what is below 2^-126 counts. They take
 * the place of `e`. */
double *lk_sorted_exact(lk_sorted *sorted);

/* Only the first `kept` of them survive, but at least those that min_keep protects. kept in [1, count]. */
int lk_sorted_cut(const lk_sorted *sorted, uint32_t kept);

/* Gives every survivor a new logit, -INFINITY for none, and ranks anew. `state` is handed on to `map`, which is not asked
 * about logits below `least`: they go. */
typedef float (*lk_map)(const void *state, float z, uint32_t id);
int lk_chain_map(lk_chain *c, float least, lk_map map, const void *state);

/* The survivors are what work.spare now holds, for all ids. */
int lk_chain_reopen(lk_chain *c);

#endif
