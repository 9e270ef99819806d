/* Stages epsilon and eta.   SPDX-License-Identifier: MIT
 * Hewitt, Manning, Liang 2022: Truncation sampling as language model desmoothing. */
#include "cut.h"
#include "log.h"
#include "stats.h"

static bool epsilon_active(const lk_sampler *s) { return s->epsilon_cutoff > 0; }
static bool eta_active(const lk_sampler *s) { return s->eta_cutoff > 0; }

static int apply_epsilon(lk_chain *c)
{
  double ln_total;
  int status = lk_chain_ln_total(c, &ln_total);
  return status != LK_OK ? status : lk_chain_cut_ratio(c, lk_log(c->s->epsilon_cutoff) + ln_total);
}

static int apply_eta(lk_chain *c)
{
  lk_stats s;
  int status = lk_chain_stats(c, &s);
  if (status != LK_OK) return status;
  double fixed = lk_log(c->s->eta_cutoff), moving = 0.5 * fixed - s.entropy;
  return lk_chain_cut_ratio(c, (moving < fixed ? moving : fixed) + s.ln_total);
}

const lk_stage_def lk_stage_epsilon = { epsilon_active, apply_epsilon, 0 };
const lk_stage_def lk_stage_eta = { eta_active, apply_eta, 0 };
