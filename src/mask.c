/* Stage mask: the bitmask of xgrammar and llguidance.   SPDX-License-Identifier: MIT */
#include "chain.h"

static bool active(const lk_sampler *s) { return s->mask.at != 0; }

static bool allowed(const lk_sampler *s, uint32_t id)
{
  return (id >> 5) < s->mask_words && (s->mask.at[id >> 5] >> (id & 31) & 1);
}

/* On a row it is only noted: whoever reads a block applies it. The cut is a place among logits and holds as before. */
static int apply(lk_chain *c)
{
  if (c->listed) {
    for (uint32_t i = 0; i < c->count; i++)
      if (!allowed(c->s, c->work.list_id[i])) c->work.list_z[i] = -LK_INF;
    lk_chain_resort(c);
    return c->count ? LK_OK : LK_MASKED;
  }
  int status = lk_chain_settle(c);
  c->row.mask = c->s->mask.at;
  c->row.mask_words = (uint32_t)c->s->mask_words;
  c->scanned = c->weighted = false;
  return status;
}

const lk_stage_def lk_stage_mask = { active, apply, 0 };
