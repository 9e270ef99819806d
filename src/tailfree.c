/* Stage tail_free.   SPDX-License-Identifier: MIT
 * Phoenix and Egan 2019: Tail free sampling. The second differences of the sorted probabilities need the sort, and they
 * cancel: float32 weights would leave little but noise. */
#include "cut.h"

static bool active(const lk_sampler *s) { return s->tail_free < 1; }

static double bend(const double *e, uint32_t i) { return lk_abs((e[i] - e[i + 1]) - (e[i + 1] - e[i + 2])); }

/* How many to keep if all bends of the survivors sum up to `total`: at least one, at most count - 1. */
static uint32_t kept_of(const double *e, uint32_t count, double total)
{
  double sum = 0;
  uint32_t i = 0;
  for (; i + 2 < count; i++) {
    sum += bend(e, i);
    if (!(sum <= total)) break;
  }
  return i + 1;
}

static int apply(lk_chain *c)
{
  lk_sorted sorted;
  for (uint32_t k = LK_SORTED_FEW;; k = c->row.n) {
    int status = lk_sorted_open(&sorted, c, k);
    if (status != LK_OK || sorted.count < 3) return status;
    double total = 0, z = c->s->tail_free, *e = lk_sorted_exact(&sorted);
    for (uint32_t i = 0; i + 2 < sorted.count; i++) total += bend(e, i);
    bool all = sorted.count < k || k >= c->row.n;
    /* What bends behind these is at most the sum of the last two: differences that all have one sign. */
    double most = all ? total : total + e[sorted.count - 1] + e[sorted.count - 2];
    uint32_t kept = kept_of(e, sorted.count, z * total);
    if (all && total == 0) return LK_OK;
    if (all || (kept + 1 < sorted.count && kept == kept_of(e, sorted.count, z * most * (1 + 0x1p-30))))
      return lk_sorted_cut(&sorted, kept);
  }
}

const lk_stage_def lk_stage_tail_free = { active, apply, 0 };
