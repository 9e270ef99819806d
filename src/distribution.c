/* lk_distribution: the law of the next token.   SPDX-License-Identifier: MIT
 *
 * A chain in which XTC acts by chance has a law that is a mixture: of what the whole chain gives when it fires, stages
 * behind it included, and of what it gives when it does not.
 */
#include "cut.h"
#include "select.h"

static int law(lk_chain *c, uint32_t top, uint32_t *ids, float *probs)
{
  lk_sorted sorted;
  int status = lk_sorted_open(&sorted, c, c->row.n);
  if (status != LK_OK) return status;
  double total = lk_chain_mass(c);
  c->s->kept = sorted.count;
  for (uint32_t i = 0; i < lk_min_u32(top, sorted.count); i++) {
    ids[i] = lk_sorted_id(&sorted, i);
    probs[i] = lk_probability(sorted.e[i] / total);
  }
  return LK_OK;
}

/* ------------------------------------------------------------------------------------------------------- mixtures */

/* Adds p to what a token has; -INFINITY is a token that cannot be drawn, and differs from one that has 0. */
static void give(lk_chain *c, uint32_t id, double p)
{
  float *has = c->work.token + id;
  *has = (float)(*has == -LK_INF ? p : *has + p);
}

static int give_law(lk_chain *c, double share)
{
  lk_sorted sorted;
  int status = lk_sorted_open(&sorted, c, c->row.n);
  if (status != LK_OK) return status;
  double each = share / lk_chain_mass(c);
  for (uint32_t i = 0; i < sorted.count; i++) give(c, lk_sorted_id(&sorted, i), sorted.e[i] * each);
  return LK_OK;
}

/* What was given in descending order: sorted as if it were logits. */
static void law_of_tokens(lk_chain *c, uint32_t top, uint32_t *ids, float *probs)
{
  lk_work *w = &c->work;
  lk_row row;
  lk_row_open(&row, w->token, c->row.n, LK_F32, w);
  lk_scan(&row);
  uint32_t count = lk_select_pairs(&row, LK_KEY_ALL, row.n, w);
  c->s->kept = count;
  for (uint32_t i = 0; i < lk_min_u32(top, count); i++) {
    ids[i] = lk_pair_id(w, i);
    probs[i] = lk_probability(lk_pair_z(w, i));
  }
}

/* -------------------------------------------------------------------------------------------------- whole chains */

int lk_distribution(lk_sampler *s, uint32_t top, uint32_t *ids, float *probs, void *work)
{
  if (s->n == 0) return LK_EMPTY;
  lk_chain c;
  int status = lk_chain_run(&c, s, work, LK_XTC_FIRES);
  if (status == LK_OK && c.differs && s->xtc_probability < 1) {
    for (uint32_t i = 0; i < LK_PADDED(c.row.n); i++) c.work.token[i] = -LK_INF;
    status = give_law(&c, s->xtc_probability);
    lk_chain_restore(&c);
    if (status == LK_OK) status = lk_chain_run(&c, s, work, LK_XTC_RESTS);
    if (status == LK_OK) status = give_law(&c, 1 - s->xtc_probability);
    if (status == LK_OK) law_of_tokens(&c, top, ids, probs);
  } else if (status == LK_OK) {
    status = law(&c, top, ids, probs);
  }
  lk_chain_restore(&c);
  if (status == LK_MASKED) lk_trace(s, 0, work);
  return status;
}
