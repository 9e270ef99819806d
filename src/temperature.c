/* Stage temperature.   SPDX-License-Identifier: MIT
 * Ackley, Hinton, Sejnowski 1985: the temperature of a Boltzmann distribution whose energies are the negated logits. */
#include "argmax.h"
#include "chain.h"
#include "dynatemp.h"

/* Up to here WebLLM's kernel (mlc-llm, attach_softmax_with_temperature) gives all mass to the maxima, in equal parts. */
#define SHARED_PEAK_MAX 1e-5

static bool active(const lk_sampler *s) { return s->temperature != 1 || s->dynatemp_range > 0; }

static int greedy(lk_chain *c)
{
  int status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  c->decided = true;
  /* The maximum is the first survivor of a row, and so is its first bearer; a pending top_p would keep it. */
  c->token = c->listed ? c->work.list_id[0] : lk_row_argmax(&c->row);
  c->cut = (lk_key){ c->row.max, (int32_t)c->token };
  c->count = 1;
  c->nucleus.pending = false;
  return LK_OK;
}

static int apply(lk_chain *c)
{
  double t = c->s->temperature;
  bool llama = c->s->llama_temperature != 0;
  int status = lk_dynatemp(c, &t);
  if (status != LK_OK) return status;
  if ((c->s->rules & LK_RULE_SHARED_PEAK) && t >= 0 && t <= SHARED_PEAK_MAX) return lk_chain_rewrite(c, LK_REWRITE_PEAK);
  if (lk_temperature_zero(t) || (t < 0 && llama)) return greedy(c);
  c->weighted = false;
  c->temperature = lk_abs(t);
  if (t < 0) return lk_chain_rewrite(c, LK_REWRITE_NEGATE);
  if (!llama || t == (double)LK_INF) return LK_OK;
  c->temperature = (float)t;
  status = lk_chain_rewrite(c, LK_REWRITE_QUOTIENT);
  c->temperature = 1;
  return status;
}

const lk_stage_def lk_stage_temperature = { active, apply, 0 };
