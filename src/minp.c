/* Stage min_p.   SPDX-License-Identifier: MIT
 * Nguyen et al. 2024: Turning up the heat: min-p sampling for creative and coherent LLM outputs. */
#include "chain.h"
#include "log.h"

static bool active(const lk_sampler *s) { return s->min_p > 0; }

/* p >= a p_max is z >= max + T ln a: no weight is needed. */
static int apply(lk_chain *c)
{
  int status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  float max = c->listed ? c->work.list_z[0] : c->row.max;
  double least = max == LK_INF ? (double)LK_INF : max + c->temperature * lk_log(c->s->min_p);
  if (c->temperature == (double)LK_INF) least = -(double)LK_INF; /* all are equally likely, whatever min_p */
  if (c->listed) {
    uint32_t keep = lk_min_u32(lk_min_keep(c->s), c->count), i = keep;
    while (i < c->count && c->work.list_z[i] >= least) i++;
    c->count = i;
    return LK_OK;
  }
  /* The least float32 that is not below the float64 threshold. */
  float z = (float)least;
  if (z == -LK_INF) return LK_OK;
  if (z < least) z = lk_above(z);
  lk_key key = { z, INT32_MAX };
  if (lk_min_keep(c->s) > 1) {
    lk_key keep = lk_chain_keep(c);
    if (lk_key_keeps(keep, key.z, (uint32_t)key.id)) key = keep;
  }
  c->cut = lk_key_first(c->cut, key);
  return LK_OK;
}

const lk_stage_def lk_stage_min_p = { active, apply, 0 };
