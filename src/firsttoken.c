/* Stage first_token: First Token Cutoff.   SPDX-License-Identifier: MIT
 * antirez 2024, news/142. His text bounds how much weaker than the likeliest a token may be and picks at random by
 * weight; the listing below it compares with < and picks evenly among copies, which is not what the text says. */
#include "cut.h"
#include "log.h"

static bool active(const lk_sampler *s) { return s->first_token_cutoff < 1; }

static int apply(lk_chain *c) { return lk_chain_cut_ratio(c, lk_log(1 - c->s->first_token_cutoff)); }

const lk_stage_def lk_stage_first_token = { active, apply, 0 };
