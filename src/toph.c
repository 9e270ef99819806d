/* Stage top_h.   SPDX-License-Identifier: MIT
 * Potraghloo, Azizi, Kundu, Pedram 2025: Top-H decoding: adapting the creativity and coherence with bounded entropy. */
#include "cut.h"
#include "log.h"

#define FIRST 100

static bool active(const lk_sampler *s) { return s->top_h > 0; }

static int apply(lk_chain *c)
{
  lk_sorted sorted;
  int status = lk_sorted_open(&sorted, c, FIRST);
  if (status != LK_OK) return status;
  double total = 0, upto[FIRST], entropy = 0, *e = lk_sorted_exact(&sorted);
  for (uint32_t i = 0; i < sorted.count; i++) total += e[i];
  for (uint32_t i = 0; i < sorted.count; i++) {
    double q = e[i] / total;
    if (q > 0) entropy -= q * lk_log(q);
    upto[i] = entropy;
  }
  uint32_t kept = 1;
  while (kept < sorted.count && upto[kept] <= c->s->top_h * entropy) kept++;
  return lk_sorted_cut(&sorted, kept);
}

const lk_stage_def lk_stage_top_h = { active, apply, 0 };
