/* Stage top_p, the nucleus.   SPDX-License-Identifier: MIT
 * Holtzman, Buys, Du, Forbes, Choi 2019: The curious case of neural text degeneration. */
#include "chain.h"

static bool active(const lk_sampler *s) { return s->top_p < 1; }

static int apply_list(lk_chain *c)
{
  const float *e = c->work.list_e;
  double total = 0, before = 0;
  for (uint32_t i = 0; i < c->count; i++) total += e[i];
  uint32_t keep = lk_min_keep(c->s), i = 0;
  for (; i < c->count; i++) {
    if (i >= keep && before != 0 && !(before < c->s->top_p * total)) break;
    before += e[i];
  }
  c->count = i;
  return LK_OK;
}

/* On a row nothing is decided yet: most draws need only a bracket of the whole mass, and often none. */
static int apply(lk_chain *c)
{
  int status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  if (c->listed) return apply_list(c);
  lk_nucleus *u = &c->nucleus;
  u->pending = true;
  u->p = c->s->top_p;
  u->cut = c->cut;
  u->keep = lk_min_keep(c->s) > 1 ? lk_chain_keep(c) : (lk_key){ LK_INF, -1 };
  u->exp = c->exp;
  u->total = -1;
  u->least = 0;
  u->most = LK_DBL_MAX;
  return LK_OK;
}

const lk_stage_def lk_stage_top_p = { active, apply, 0 };
