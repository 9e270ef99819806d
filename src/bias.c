/* Stage bias: logit_bias of OpenAI's API, -INFINITY to ban.   SPDX-License-Identifier: MIT */
#include "chain.h"

static bool active(const lk_sampler *s) { return s->bias_count != 0; }

/* A masked token stays masked, a banned one is banned even at +INFINITY, NaN stays for pass 1 to find. */
static float biased(float z, float b)
{
  if (z == LK_INF && b == -LK_INF) return b;
  return z + b;
}

static int apply_list(lk_chain *c)
{
  const lk_sampler *s = c->s;
  for (uint32_t i = 0; i < c->count; i++) {
    uint32_t id = c->work.list_id[i], low = 0, high = (uint32_t)s->bias_count;
    while (low < high) {
      uint32_t mid = (low + high) / 2;
      if (s->bias_ids.at[mid] < id) low = mid + 1;
      else high = mid;
    }
    if (low < s->bias_count && s->bias_ids.at[low] == id)
      c->work.list_z[i] = biased(c->work.list_z[i], s->bias.at[low]);
  }
  lk_chain_resort(c);
  return c->count ? LK_OK : LK_MASKED;
}

static int apply(lk_chain *c)
{
  if (c->listed) return apply_list(c);
  const lk_sampler *s = c->s;
  bool undo;
  int status = lk_chain_edit(c, &undo);
  if (status != LK_OK) return status;
  float *x = c->row.at;
  for (uint32_t i = 0; i < s->bias_count; i++) {
    float *z = x + s->bias_ids.at[i];
    lk_keep(s->bias_saved.at + i, z);
    *z = biased(*z, s->bias.at[i]);
  }
  if (undo) c->overlay[c->overlays++] = LK_STAGE_BIAS;
  return LK_OK;
}

static void undo(lk_chain *c)
{
  float *x = c->s->row.at;
  for (uint32_t i = 0; i < c->s->bias_count; i++) lk_keep(x + c->s->bias_ids.at[i], c->s->bias_saved.at + i);
}

const lk_stage_def lk_stage_bias = { active, apply, undo };
