/* Stage forced: at this position one token may come.   SPDX-License-Identifier: MIT */
#include "chain.h"

static bool active(const lk_sampler *s) { return s->forced != 0; }

/* The mask of that token alone, joined with what the row is masked by: the words may be those that are overwritten. */
static int apply(lk_chain *c)
{
  uint32_t token = (uint32_t)c->s->forced - 1, word = token >> 5, *mask = c->s->mask_room.at;
  uint32_t bit = 1u << (token & 31);
  const lk_row *row = &c->row;
  if (row->mask) bit = word < row->mask_words ? bit & row->mask[word] : 0;
  for (uint32_t i = 0; i < word; i++) mask[i] = 0;
  mask[word] = bit;
  return lk_chain_mask(c, mask, word + 1);
}

const lk_stage_def lk_stage_forced = { active, apply, 0 };
