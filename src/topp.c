/* Stage top_p, the nucleus.   SPDX-License-Identifier: MIT
 * Holtzman, Buys, Du, Forbes, Choi 2019: The curious case of neural text degeneration. */
#include "chain.h"

static bool active(const lk_sampler *s) { return s->top_p < 1; }

/* The share of the mass that has to stand before a token for it to leave. Weights and their sums are rounded to float32: a
 * mass that reaches top_p exactly, as with equal logits, would else be below it or not by chance. */
static double share(const lk_sampler *s) { return s->top_p * (1 - 0x1p-21); }

static int apply_list(lk_chain *c)
{
  const float *e = c->work.list_e;
  double most = share(c->s) * lk_chain_mass(c), before = 0;
  uint32_t keep = lk_min_keep(c->s), i = 0;
  for (; i < c->count; i++) {
    if (i >= keep && before != 0 && !(before < most)) break;
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
  u->p = share(c->s);
  u->cut = c->cut;
  u->keep = lk_min_keep(c->s) > 1 ? lk_chain_keep(c) : (lk_key){ LK_INF, -1 };
  u->exp = c->exp;
  u->total = -1;
  u->least = 0;
  u->most = LK_DBL_MAX;
  return LK_OK;
}

const lk_stage_def lk_stage_top_p = { active, apply, 0 };
