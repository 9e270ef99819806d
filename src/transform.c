/* SPDX-License-Identifier: MIT */
#include "transform.h"

#include "cut.h"
#include "entmax.h"
#include "log.h"
#include "stats.h"

static float logarithm(const void *state, float z, uint32_t id)
{
  (void)id;
  return (float)lk_log(lk_entmax_of(state, z));
}

int lk_chain_transform(lk_chain *c)
{
  if (c->s->transform == LK_SOFTMAX) return LK_OK;
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  /* Equal logits are equally likely in all of them. */
  if (status != LK_OK || c->temperature == (double)LK_INF) return status;
  lk_row list;
  if (c->listed) {
    /* The list as a row of its own; nothing asks for the maxima of the other's blocks any more. */
    lk_row_open(&list, c->work.list_z, c->count, LK_F32, &c->work);
    lk_scan(&list);
  }
  lk_entmax_solution s;
  lk_entmax_solve(&s, c->listed ? &list : &c->row, c->listed ? LK_KEY_ALL : c->cut,
                  c->s->transform == LK_ENTMAX15 ? 1.5 : 2, c->temperature);
  c->temperature = 1;
  return lk_chain_map(c, s.low.least, logarithm, &s);
}
