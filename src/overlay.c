/* SPDX-License-Identifier: MIT */
#include "overlay.h"

_Static_assert(sizeof(lk_entry) == LK_ENTRY, "JavaScript writes entries by this size");

#define NOWHERE 0xffffffffu

/* NaN stays, for pass 1 to find: a ban hides no fault of the model. */
float lk_overlay_ban(const lk_sampler *s, const lk_entry *e, float now)
{
  (void)s, (void)e;
  return now != now ? now : -LK_INF;
}

/* Where each token of the entries stands in the list. Only their cells and those of the list are written, so what is
 * as long as the vocabulary needs no clearing. */
static const uint32_t *places(lk_chain *c, const lk_entry *entry, uint64_t count)
{
  uint32_t *place = c->work.swap;
  for (uint64_t i = 0; i < count; i++) place[entry[i].token] = NOWHERE;
  for (uint32_t i = 0; i < c->count; i++) place[c->work.list_id[i]] = i;
  return place;
}

static int overlay_list(lk_chain *c, lk_entry *entry, uint64_t count, lk_edit edit)
{
  const uint32_t *place = places(c, entry, count);
  float *z = c->work.list_z;
  for (uint64_t i = 0; i < count; i++)
    if (place[entry[i].token] != NOWHERE) entry[i].saved = z[place[entry[i].token]];
  for (uint64_t i = 0; i < count; i++) {
    uint32_t at = place[entry[i].token];
    if (at != NOWHERE) z[at] = edit(c->s, entry + i, z[at]);
  }
  lk_chain_resort(c);
  return c->count ? LK_OK : LK_MASKED;
}

/* Everything is saved before anything is changed: a token that is named twice is restored all the same. */
int lk_overlay(lk_chain *c, uint32_t stage, lk_entry *entry, uint64_t count, lk_edit edit)
{
  if (c->listed) return overlay_list(c, entry, count, edit);
  bool undo;
  int status = lk_chain_edit(c, &undo);
  if (status != LK_OK) return status;
  float *x = c->row.at;
  for (uint64_t i = 0; i < count; i++) lk_keep(&entry[i].saved, x + entry[i].token);
  for (uint64_t i = 0; i < count; i++) x[entry[i].token] = edit(c->s, entry + i, x[entry[i].token]);
  if (undo) c->overlay[c->overlays++] = (uint8_t)stage;
  return LK_OK;
}

void lk_overlay_undo(lk_chain *c, const lk_entry *entry, uint64_t count)
{
  float *x = c->s->row.at;
  for (uint64_t i = 0; i < count; i++) lk_keep(x + entry[i].token, &entry[i].saved);
}
