/* Stage lengthPenalty: after a number of tokens the end becomes likelier with each.   SPDX-License-Identifier: MIT */
#include "overlay.h"
#include "power.h"

static double beyond(const lk_sampler *s) { return (double)s->position - s->length_start; }

static bool active(const lk_sampler *s) { return s->ends_count != 0 && beyond(s) > 0; }

/* A gain beyond float64 is the largest there is: 0 times it must stay 0. */
static float lengthened(const lk_sampler *s, const lk_entry *e, float now)
{
  (void)now;
  double x = e->saved, gain = lk_power(s->length_factor, beyond(s)) - 1;
  return lk_finite(e->saved, x + lk_abs(x) * (gain < LK_DBL_MAX ? gain : LK_DBL_MAX));
}

static int apply(lk_chain *c)
{
  return lk_overlay(c, LK_STAGE_LENGTH_PENALTY, c->s->ends.at, c->s->ends_count, lengthened);
}

static void undo(lk_chain *c) { lk_overlay_undo(c, c->s->ends.at, c->s->ends_count); }

const lk_stage_def lk_stage_length_penalty = { active, apply, undo };
