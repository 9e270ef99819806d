/* Stage p_less.   SPDX-License-Identifier: MIT
 * Tan et al. 2025: p-less sampling: a robust hyperparameter-free approach for LLM decoding. */
#include "cut.h"
#include "log.h"
#include "stats.h"

static bool active(const lk_sampler *s) { return s->p_less != 0; }

/* As a ratio to p_max: the sum of p^2 is squares / total^2, and p_max is e^-ln_total. */
static int apply(lk_chain *c)
{
  lk_stats s;
  int status = lk_chain_stats(c, &s);
  return status != LK_OK ? status : lk_chain_cut_ratio(c, lk_log(s.squares / s.total / s.total) + s.ln_total);
}

const lk_stage_def lk_stage_p_less = { active, apply, 0 };
