/* Stage dry: "Don't Repeat Yourself" (p-e-w 2024), by llama.cpp's rule.   SPDX-License-Identifier: MIT */
#include "log.h"
#include "overlay.h"
#include "power.h"

/* Above this base the exponent is bounded, so that the power stays below the largest float32: its logarithm. */
#define BASE_BOUNDED 1.000001
#define LOG_MAX 88.7228391

static bool active(const lk_sampler *s) { return s->dry_multiplier != 0 && s->repeats_count != 0; }

/* A longer repetition never moves a logit less, so of several entries for one token the one that moves it most counts. */
static float repeated(const lk_sampler *s, const lk_entry *e, float now)
{
  double exponent = e->length - s->dry_allowed_length;
  if (s->dry_base > BASE_BOUNDED) {
    double most = (double)(uint64_t)(LOG_MAX / lk_log(s->dry_base));
    if (exponent > most) exponent = most;
  }
  float z = lk_finite(e->saved, e->saved - s->dry_multiplier * lk_power(s->dry_base, exponent));
  return (s->dry_multiplier > 0) == (z < now) ? z : now;
}

static int apply(lk_chain *c)
{
  return lk_overlay(c, LK_STAGE_DRY, c->s->repeats.at, c->s->repeats_count, repeated);
}

static void undo(lk_chain *c) { lk_overlay_undo(c, c->s->repeats.at, c->s->repeats_count); }

const lk_stage_def lk_stage_dry = { active, apply, undo };
