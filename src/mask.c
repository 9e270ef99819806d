/* Stage mask: the bitmask of xgrammar and llguidance.   SPDX-License-Identifier: MIT */
#include "chain.h"

static bool active(const lk_sampler *s) { return s->mask.at != 0; }

static bool allowed(const uint32_t *mask, uint32_t words, uint32_t id)
{
  return (id >> 5) < words && (mask[id >> 5] >> (id & 31) & 1);
}

/* On a row it is only noted: whoever reads a block applies it. The cut is a place among logits and holds as before. */
int lk_chain_mask(lk_chain *c, const uint32_t *mask, uint32_t words)
{
  if (c->listed) {
    for (uint32_t i = 0; i < c->count; i++)
      if (!allowed(mask, words, c->work.list_id[i])) c->work.list_z[i] = -LK_INF;
    lk_chain_resort(c);
    return c->count ? LK_OK : LK_MASKED;
  }
  int status = lk_chain_settle(c);
  lk_row *row = &c->row;
  if (row->mask) {
    uint32_t *both = c->s->mask_room.at;
    if (row->mask_words < words) words = row->mask_words;
    for (uint32_t i = 0; i < words; i++) both[i] = row->mask[i] & mask[i];
    mask = both;
  }
  row->mask = mask;
  row->mask_words = words;
  c->scanned = c->weighted = false;
  return status;
}

static int apply(lk_chain *c) { return lk_chain_mask(c, c->s->mask.at, (uint32_t)c->s->mask_words); }

const lk_stage_def lk_stage_mask = { active, apply, 0 };
