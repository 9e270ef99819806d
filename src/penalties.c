/* Stage penalties: repetition (Keskar et al. 2019), frequency and presence (OpenAI).   SPDX-License-Identifier: MIT */
#include "chain.h"
#include "counts.h"

static bool active(const lk_sampler *s)
{
  return s->counts.at && (s->repetition_penalty != 1 || s->frequency_penalty != 0 || s->presence_penalty != 0);
}

/* Float64, rounded once. */
static float penalised(const lk_sampler *s, const lk_count *e, float z)
{
  int32_t repeated = s->repetition_output != 0 ? e->output : e->all;
  int32_t counted = s->frequency_output != 0 ? e->output : e->all;
  double x = z, r = s->repetition_penalty;
  double subtracted = counted > 0 ? counted * s->frequency_penalty + s->presence_penalty : 0;
  bool last = (s->rules & LK_RULE_REPETITION_LAST) != 0;
  if (last) x -= subtracted;
  if (repeated > 0) x = x > 0 ? x / r : x * r;
  if (!last) x -= subtracted;
  return lk_finite(z, x);
}

static int apply_list(lk_chain *c)
{
  for (uint32_t i = 0; i < c->count; i++) {
    const lk_count *e = lk_counts_find(c->s->counts.at, c->work.list_id[i]);
    if (e) c->work.list_z[i] = penalised(c->s, e, c->work.list_z[i]);
  }
  lk_chain_resort(c);
  return LK_OK;
}

static int apply(lk_chain *c)
{
  if (c->listed) return apply_list(c);
  lk_counts *counts = c->s->counts.at;
  bool undo;
  int status = lk_chain_edit(c, &undo);
  if (status != LK_OK) return status;
  float *x = c->row.at;
  for (uint32_t i = 0; i < counts->used; i++) {
    lk_count *e = counts->entry + i;
    if (e->token >= c->row.n) continue;
    lk_keep(&e->saved, x + e->token);
    x[e->token] = penalised(c->s, e, e->saved);
  }
  if (undo) c->overlay[c->overlays++] = LK_STAGE_PENALTIES;
  return LK_OK;
}

static void undo(lk_chain *c)
{
  lk_counts *counts = c->s->counts.at;
  float *x = c->s->row.at;
  for (uint32_t i = 0; i < counts->used; i++)
    if (counts->entry[i].token < c->row.n) lk_keep(x + counts->entry[i].token, &counts->entry[i].saved);
}

const lk_stage_def lk_stage_penalties = { active, apply, undo };
