/* The stage table, and the walk over it.   SPDX-License-Identifier: MIT */
#include "chain.h"

#include "select.h"
#include "transform.h"

const lk_stage_def *const lk_stages[LK_STAGE_COUNT] = {
  [LK_STAGE_MASK] = &lk_stage_mask,
  [LK_STAGE_SUPPRESS] = &lk_stage_suppress,
  [LK_STAGE_MIN_TOKENS] = &lk_stage_min_tokens,
  [LK_STAGE_FORCED] = &lk_stage_forced,
  [LK_STAGE_BAD_WORDS] = &lk_stage_bad_words,
  [LK_STAGE_NO_REPEAT_NGRAM] = &lk_stage_no_repeat_ngram,
  [LK_STAGE_BIAS] = &lk_stage_bias,
  [LK_STAGE_LENGTH_PENALTY] = &lk_stage_length_penalty,
  [LK_STAGE_PENALTIES] = &lk_stage_penalties,
  [LK_STAGE_DRY] = &lk_stage_dry,
  [LK_STAGE_TEMPERATURE] = &lk_stage_temperature,
  [LK_STAGE_SMOOTHING] = &lk_stage_smoothing,
  [LK_STAGE_TOP_K] = &lk_stage_top_k,
  [LK_STAGE_TOP_P] = &lk_stage_top_p,
  [LK_STAGE_MIN_P] = &lk_stage_min_p,
  [LK_STAGE_TOP_N_SIGMA] = &lk_stage_top_n_sigma,
  [LK_STAGE_EPSILON] = &lk_stage_epsilon,
  [LK_STAGE_ETA] = &lk_stage_eta,
  [LK_STAGE_TOP_A] = &lk_stage_top_a,
  [LK_STAGE_TAIL_FREE] = &lk_stage_tail_free,
  [LK_STAGE_TOP_H] = &lk_stage_top_h,
  [LK_STAGE_FIRST_TOKEN] = &lk_stage_first_token,
  [LK_STAGE_P_LESS] = &lk_stage_p_less,
  [LK_STAGE_TYPICAL] = &lk_stage_typical,
  [LK_STAGE_SKEW] = &lk_stage_skew,
  [LK_STAGE_XTC] = &lk_stage_xtc,
  [LK_STAGE_MIROSTAT] = &lk_stage_mirostat,
  [LK_STAGE_ADAPTIVE] = &lk_stage_adaptive,
};

void lk_chain_open(lk_chain *c, lk_sampler *s, void *work)
{
  c->s = s;
  lk_work_open(&c->work, work, (uint32_t)s->n);
  lk_row_open(&c->row, s->row.at, (uint32_t)s->n, (uint32_t)s->dtype, &c->work);
  c->scanned = c->listed = c->weighted = c->decided = c->nucleus.pending = false;
  c->cut = LK_KEY_ALL;
  c->count = 0;
  c->temperature = 1;
  c->overlays = 0;
  c->xtc = LK_XTC_BY_CHANCE;
  c->removed = 0;
  c->differs = c->learning = false;
  c->learn = 0;
}

int lk_chain_walk(lk_chain *c)
{
  for (uint32_t i = 0; i < c->s->order_count && !c->decided; i++) {
    const lk_stage_def *stage = lk_stages[c->s->order.at[i]];
    if (!stage->active(c->s)) continue;
    int status = stage->apply(c);
    if (status != LK_OK) return status;
  }
  return LK_OK;
}

int lk_chain_run(lk_chain *c, lk_sampler *s, void *work, lk_xtc xtc)
{
  lk_chain_open(c, s, work);
  c->xtc = xtc;
  int status = lk_chain_walk(c);
  return status == LK_OK && !c->decided ? lk_chain_transform(c) : status;
}

void lk_chain_restore(lk_chain *c)
{
  while (c->overlays > 0) lk_stages[c->overlay[--c->overlays]]->undo(c);
}

int lk_sample(lk_sampler *s, void *work)
{
  if (s->n == 0) return LK_EMPTY;
  lk_chain c;
  lk_chain_open(&c, s, work);
  c.learning = true;
  int status = lk_chain_walk(&c);
  if (status == LK_OK && !c.decided) status = lk_draw(&c);
  else if (status == LK_OK && s->given) s->probability = c.token + 1 == s->given;
  if (status == LK_OK) {
    s->token = c.token;
    s->mirostat_next = s->mirostat_mu;
    s->adaptive_sum_next = s->adaptive_sum;
    s->adaptive_weight_next = s->adaptive_weight;
    if (c.learn) c.learn(&c); /* reads the row as it was drawn from */
  }
  lk_chain_restore(&c);
  if (status == LK_MASKED) lk_trace(s, 0, work); /* tells the stage */
  return status;
}

/* ------------------------------------------------------------------------------------------- what stages lean on */

uint32_t lk_min_keep(const lk_sampler *s)
{
  return s->min_keep < LK_MAX_VOCAB ? (uint32_t)s->min_keep : LK_MAX_VOCAB;
}

lk_key lk_chain_keep(lk_chain *c) { return lk_select_key(&c->row, c->cut, lk_min_keep(c->s), &c->work); }

/* With a cut the maximum may be behind it: a mask that came later can have taken all that stood before. */
static bool any_survivor(lk_chain *c)
{
  if (c->row.max == -LK_INF || c->row.max < c->cut.z) return false;
  if (c->row.max > c->cut.z) return true;
  _Alignas(16) float scratch[LK_BLOCK];
  for (uint32_t b = 0; b < c->row.blocks && (int32_t)(b * LK_BLOCK) <= c->cut.id; b++) {
    if (c->row.block_max[b] != c->row.max) continue;
    const float *x = lk_row_block(&c->row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK && (int32_t)(b * LK_BLOCK + i) <= c->cut.id; i++)
      if (x[i] == c->row.max) return true;
  }
  return false;
}

int lk_chain_scan(lk_chain *c)
{
  if (c->scanned || c->listed) return LK_OK;
  int status = lk_scan(&c->row);
  if (status != LK_OK) return status;
  c->scanned = true;
  return any_survivor(c) ? LK_OK : LK_MASKED;
}

static void rewrite_list(lk_chain *c, lk_rewrite how)
{
  float *z = c->work.list_z, max = z[0];
  /* +INFINITY negated is masked, unless it is all there is: the last of the list tells. */
  if (how == LK_REWRITE_NEGATE && z[c->count - 1] == LK_INF) how = LK_REWRITE_FLAT;
  for (uint32_t i = 0; i < c->count; i++) z[i] = lk_rewritten(how, z[i], max, c->temperature);
  lk_chain_resort(c);
}

int lk_chain_rewrite(lk_chain *c, lk_rewrite how)
{
  c->weighted = false;
  if (c->listed) {
    rewrite_list(c, how);
    return LK_OK;
  }
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  lk_row_rewrite(&c->row, c->cut, how, c->temperature, &c->work);
  c->cut = LK_KEY_ALL;
  c->scanned = false;
  return lk_chain_scan(c);
}

int lk_chain_edit(lk_chain *c, bool *undo)
{
  int status = lk_chain_settle(c);
  if (status != LK_OK) return status;
  if (c->row.dtype != LK_F32 || c->cut.z != -LK_INF) {
    status = lk_chain_rewrite(c, LK_REWRITE_COPY);
    if (status != LK_OK) return status;
  }
  c->scanned = c->weighted = false;
  *undo = c->row.at == c->s->row.at;
  return LK_OK;
}

void lk_chain_resort(lk_chain *c)
{
  float *z = c->work.list_z;
  uint32_t *id = c->work.list_id;
  uint32_t count = 0;
  c->weighted = false;
  for (uint32_t i = 0; i < c->count; i++) {
    float zi = z[i];
    uint32_t idi = id[i], j = count;
    if (zi == -LK_INF) continue;
    for (; j > 0 && (z[j - 1] < zi || (z[j - 1] == zi && id[j - 1] > idi)); j--) {
      z[j] = z[j - 1];
      id[j] = id[j - 1];
    }
    z[j] = zi;
    id[j] = idi;
    count++;
  }
  c->count = count;
}

static void weigh_list(lk_chain *c)
{
  lk_work *w = &c->work;
  for (uint32_t i = c->count; i % 4; i++) w->list_z[i] = -LK_INF;
  LK_TALLY(&c->row, exps, c->count);
  lk_exp_some(&c->exp, w->list_z, c->count, w->list_e);
}

int lk_chain_weigh(lk_chain *c)
{
  if (c->weighted) return LK_OK;
  int status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  float max = c->listed ? c->work.list_z[0] : c->row.max;
  if (max == LK_INF) {
    status = lk_chain_rewrite(c, c->temperature == (double)LK_INF ? LK_REWRITE_FLAT : LK_REWRITE_PEAK);
    max = 0;
  }
  if (status == LK_OK && !lk_temperature_ordinary(c->temperature)) {
    status = lk_chain_rewrite(c, LK_REWRITE_DIVIDE);
    c->temperature = 1;
    max = 0;
  }
  if (status != LK_OK) return status;
  lk_exp_init(&c->exp, c->temperature, max);
  c->weighted = true;
  if (c->listed) weigh_list(c);
  return LK_OK;
}
