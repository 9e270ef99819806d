/* Stage min_p.   SPDX-License-Identifier: MIT
 * Nguyen et al. 2024: Turning up the heat: min-p sampling for creative and coherent LLM outputs. */
#include "cut.h"
#include "log.h"

static bool active(const lk_sampler *s) { return s->min_p > 0; }

/* p >= a p_max is z >= max + T ln a: no weight is needed. */
static int apply(lk_chain *c) { return lk_chain_cut_ratio(c, lk_log(c->s->min_p)); }

const lk_stage_def lk_stage_min_p = { active, apply, 0 };
