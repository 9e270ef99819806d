/* Stage top_n_sigma.   SPDX-License-Identifier: MIT
 * Tang, Liu, Xu, Huang 2024: Top-n sigma: not all logits are you need. */
#include "cut.h"
#include "stats.h"

static bool active(const lk_sampler *s) { return s->top_n_sigma > 0; }

static int apply(lk_chain *c)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  uint32_t keep = c->s->rules & LK_RULE_BARE_TOP_K ? 1 : lk_min_keep(c->s);
  if (lk_chain_max(c) == LK_INF) return lk_chain_cut_but(c, 0, keep);
  lk_moments m;
  status = lk_chain_moments(c, &m);
  if (status != LK_OK) return status;
  double mean = m.depth / m.count, variance = m.depth2 / m.count - mean * mean;
  return lk_chain_cut_but(c, variance > 0 ? c->s->top_n_sigma * __builtin_sqrt(variance) : 0, keep);
}

const lk_stage_def lk_stage_top_n_sigma = { active, apply, 0 };
