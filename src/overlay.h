/* Stages that change the logits of a few tokens by a list: applied to row or list, undone on the row.
 * SPDX-License-Identifier: MIT */
#ifndef LK_OVERLAY_H
#define LK_OVERLAY_H

#include "chain.h"

/* What becomes of a logit: e->saved is what it was, `now` what earlier entries for the same token made of it. */
typedef float (*lk_edit)(const lk_sampler *s, const lk_entry *e, float now);

/* Applies `edit` for each entry, and notes the stage where it has to be undone. LK_MASKED where a list gets empty. */
int lk_overlay(lk_chain *c, uint32_t stage, lk_entry *entry, uint64_t count, lk_edit edit);

/* Puts back what the row held. */
void lk_overlay_undo(lk_chain *c, const lk_entry *entry, uint64_t count);

/* The edit that bans. */
float lk_overlay_ban(const lk_sampler *s, const lk_entry *e, float now);

#endif
