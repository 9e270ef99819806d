/* lk_trace: what every stage leaves, and which one leaves nothing.   SPDX-License-Identifier: MIT
 *
 * The chain is run anew up to each stage. Weighing the survivors may write their logits anew, which a stage behind could
 * tell, and so it only happens where nothing follows. Each token's weight is kept for the next run, which asks what share
 * its survivors had; also the 0 of what did not survive, since +INFINITY hides tokens that T < 0 or T = INFINITY reveals.
 */
#include "chain.h"
#include "stats.h"

/* work.token, which no stage uses in a trace, holds the weight of each token that survived in the run before. */
typedef struct {
  double total; /* of these */
  double next, mass; /* of the survivors: their weights now, and those before */
  float least;  /* their lowest logit */
} meter;

/* The survivors of a chain that has ended: a list counts as a row of its own. */
static void measure(meter *m, lk_chain *c)
{
  _Alignas(16) float scratch[LK_BLOCK], e[LK_BLOCK];
  uint32_t n = c->listed ? c->count : c->row.n;
  if (c->listed) c->cut = LK_KEY_ALL;
  for (uint32_t from = 0; from < n; from += LK_BLOCK) {
    const float *x = c->listed ? c->work.list_z + from : lk_row_block(&c->row, from / LK_BLOCK, scratch);
    lk_exp_some(&c->exp, x, LK_BLOCK, e);
    for (uint32_t i = 0; i < LK_BLOCK && from + i < n; i++) {
      uint32_t id = from + i;
      float *weight = c->work.token + (c->listed ? c->work.list_id[id] : id);
      if (x[i] == -LK_INF || !lk_key_keeps(c->cut, x[i], id)) {
        *weight = 0;
        continue;
      }
      m->mass += *weight;
      m->next += *weight = e[i];
      if (x[i] < m->least) m->least = x[i];
    }
  }
}

/* Whoever bans does not look what it leaves: this does. */
static int look(lk_chain *c, meter *m, lk_record *to)
{
  lk_stats s;
  int status = lk_chain_stats(c, &s);
  if (status != LK_OK) return status;
  m->next = m->mass = 0;
  m->least = LK_INF;
  measure(m, c);
  *to = (lk_record){ c->s->stage, s.count, m->total > 0 ? m->mass / m->total : 1, m->least, s.entropy };
  m->total = m->next;
  return LK_OK;
}

int lk_trace(lk_sampler *s, lk_record *records, void *work)
{
  if (s->n == 0) return LK_EMPTY;
  lk_chain c;
  lk_record one, *to = records;
  meter m = { .total = 0 };
  uint64_t count = s->order_count;
  double transform = s->transform;
  int status = LK_OK;
  c.decided = false;
  s->transform = LK_SOFTMAX;
  for (uint64_t i = 0; i <= count + 1 && status == LK_OK && !c.decided; i++) {
    bool inside = i > 0 && i <= count;
    s->stage = inside ? s->order.at[i - 1] : LK_STAGE_COUNT;
    if (inside ? !lk_stages[s->stage]->active(s) : i > count && transform == LK_SOFTMAX) continue;
    s->order_count = inside ? i : i > count ? count : 0;
    if (i > count) s->transform = transform;
    status = lk_chain_run(&c, s, work, LK_XTC_BY_CHANCE);
    if (status == LK_OK) status = look(&c, &m, &one);
    lk_chain_restore(&c);
    if (records && status == LK_OK) *to++ = one;
  }
  s->order_count = count;
  s->transform = transform;
  s->kept = (uint64_t)(to - records);
  return status;
}
