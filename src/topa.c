/* Stage top_a, of Kobold AI: p >= a p_max^2.   SPDX-License-Identifier: MIT */
#include "cut.h"
#include "log.h"
#include "stats.h"

static bool active(const lk_sampler *s) { return s->top_a > 0; }

/* As a ratio to p_max that is a p_max, and ln p_max = -ln_total. */
static int apply(lk_chain *c)
{
  double ln_total;
  int status = lk_chain_ln_total(c, &ln_total);
  return status != LK_OK ? status : lk_chain_cut_ratio(c, lk_log(c->s->top_a) - ln_total);
}

const lk_stage_def lk_stage_top_a = { active, apply, 0 };
