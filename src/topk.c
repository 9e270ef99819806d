/* lk_top_k, and stage top_k.   SPDX-License-Identifier: MIT
 * The stage: Fan, Lewis, Dauphin 2018, Hierarchical neural story generation. */
#include "chain.h"
#include "select.h"

int lk_top_k(float *x, uint32_t n, uint32_t k, uint32_t *ids, float *logits, uint32_t *count, void *work)
{
  lk_work w;
  lk_row row;
  lk_row_begin(&row, x, n, &w, work);
  int status = lk_scan(&row);
  if (status != LK_OK) return status;
  *count = 0;
  if (k == 0) return LK_OK;
  bool list = k <= LK_LIST;
  *count = list ? lk_select_list(&row, LK_KEY_ALL, k, &w) : lk_select_pairs(&row, LK_KEY_ALL, k, &w);
  for (uint32_t i = 0; i < *count; i++) {
    uint32_t id = list ? w.list_id[i] : lk_pair_id(&w, i);
    ids[i] = id;
    logits[i] = x[id];
  }
  return LK_OK;
}

static bool active(const lk_sampler *s) { return s->top_k > 0; }

/* A small k turns the survivors into a list; from then on nothing touches the vocabulary. */
static int apply(lk_chain *c)
{
  uint32_t keep = c->s->rules & LK_RULE_BARE_TOP_K ? 1 : lk_min_keep(c->s);
  double most = c->s->top_k > keep ? c->s->top_k : keep;
  uint32_t k = most < c->row.n ? (uint32_t)most : c->row.n;
  bool ties = (c->s->rules & LK_RULE_TIES) != 0;
  if (c->listed) {
    k = lk_min_u32(c->count, k);
    while (ties && k < c->count && c->work.list_z[k] == c->work.list_z[k - 1]) k++;
    c->count = k;
    return LK_OK;
  }
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  if (most > LK_LIST || ties) {
    if (most >= c->row.n) return LK_OK;
    lk_key last = lk_select_key(&c->row, c->cut, k, &c->work);
    if (ties) last.id = INT32_MAX;
    c->cut = lk_key_first(c->cut, last);
    return LK_OK;
  }
  c->count = lk_select_list(&c->row, c->cut, k, &c->work);
  c->listed = true;
  c->weighted = false;
  return LK_OK;
}

const lk_stage_def lk_stage_top_k = { active, apply, 0 };
