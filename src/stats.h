/* What the survivors look like as a whole: sums over them, exact to float64, in one pass.   SPDX-License-Identifier: MIT
 *
 * Sums run in ascending id in four float64 lanes (id mod 4), (lane 0 + lane 2) + (lane 1 + lane 3) at last; over a list
 * they run in its order.
 */
#ifndef LK_STATS_H
#define LK_STATS_H

#include "chain.h"

/* Over the survivors' logits, whatever their weights; depth is max - x. */
typedef struct {
  double count, depth, depth2; /* how many, sum of depth, sum of depth^2 */
} lk_moments;

/* Over their weights e. */
typedef struct {
  double count;   /* how many */
  double total;   /* sum of e */
  double squares; /* sum of e^2 */
  double depth;   /* mean of max - x, weighted by e; nats times T */
  double ln_total; /* ln sum e^((x - max) / T) = -ln of the largest probability */
  double entropy; /* nats */
} lk_stats;

/* The largest logit of the survivors. After lk_chain_scan. */
float lk_chain_max(const lk_chain *c);

/* Settles a top_p and scans. The largest logit must be finite. */
int lk_chain_moments(lk_chain *c, lk_moments *out);

/* Settles a top_p and weighs. *out = ln_total, from their mass, which costs a fifth of all the sums. */
int lk_chain_ln_total(lk_chain *c, double *out);

/* Settles a top_p and weighs. */
int lk_chain_stats(lk_chain *c, lk_stats *out);

#endif
