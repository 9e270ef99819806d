/* The stage table, and the walk over it.   SPDX-License-Identifier: MIT */
#include "chain.h"

#include "mass.h"
#include "select.h"

static const lk_stage_def *const stages[LK_STAGE_COUNT] = {
  [LK_STAGE_MASK] = &lk_stage_mask,
  [LK_STAGE_BIAS] = &lk_stage_bias,
  [LK_STAGE_PENALTIES] = &lk_stage_penalties,
  [LK_STAGE_TEMPERATURE] = &lk_stage_temperature,
  [LK_STAGE_TOP_K] = &lk_stage_top_k,
  [LK_STAGE_TOP_P] = &lk_stage_top_p,
  [LK_STAGE_MIN_P] = &lk_stage_min_p,
};

static void open_chain(lk_chain *c, lk_sampler *s, void *work)
{
  c->s = s;
  lk_work_open(&c->work, work, (uint32_t)s->n);
  lk_row_open(&c->row, s->row.at, (uint32_t)s->n, (uint32_t)s->dtype, &c->work);
  c->scanned = c->listed = c->weighted = c->decided = c->nucleus.pending = false;
  c->cut = LK_KEY_ALL;
  c->count = 0;
  c->temperature = 1;
  c->overlays = 0;
}

static int walk(lk_chain *c)
{
  for (uint32_t i = 0; i < c->s->order_count && !c->decided; i++) {
    const lk_stage_def *stage = stages[c->s->order.at[i]];
    if (!stage->active(c->s)) continue;
    int status = stage->apply(c);
    if (status != LK_OK) return status;
  }
  return LK_OK;
}

static void restore(lk_chain *c)
{
  while (c->overlays > 0) stages[c->overlay[--c->overlays]]->undo(c);
}

int lk_sample(lk_sampler *s, void *work)
{
  if (s->n == 0) return LK_EMPTY;
  lk_chain c;
  open_chain(&c, s, work);
  int status = walk(&c);
  if (status == LK_OK && !c.decided) status = lk_draw(&c);
  restore(&c);
  if (status == LK_OK) s->token = c.token;
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
  lk_exp_regs r = lk_exp_load(&c->exp, lk_exp_poly);
  for (uint32_t i = c->count; i % 4; i++) w->list_z[i] = -LK_INF;
  LK_TALLY(&c->row, exps, c->count);
  for (uint32_t i = 0; i < c->count; i += 4) wasm_v128_store(w->list_e + i, lk_exp4(wasm_v128_load(w->list_z + i), &r));
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

/* --------------------------------------------------------------------------------------------------- distribution */

static float probability(double weight, double total)
{
  float p = (float)(weight / total);
  return p < LK_FLT_MIN ? 0 : p;
}

static void law_of_list(lk_chain *c, uint32_t top, uint32_t *ids, float *probs)
{
  const lk_work *w = &c->work;
  double total = 0;
  for (uint32_t i = 0; i < c->count; i++) total += w->list_e[i];
  c->s->kept = c->count;
  for (uint32_t i = 0; i < lk_min_u32(top, c->count); i++) {
    ids[i] = w->list_id[i];
    probs[i] = probability(w->list_e[i], total);
  }
}

static void law_of_row(lk_chain *c, uint32_t top, uint32_t *ids, float *probs)
{
  lk_work *w = &c->work;
  uint32_t count = lk_select_pairs(&c->row, c->cut, c->row.n, w);
  double total = lk_mass(&c->row, &c->exp, c->cut);
  lk_exp_regs r = lk_exp_load(&c->exp, lk_exp_poly);
  c->s->kept = count;
  for (uint32_t i = 0; i < lk_min_u32(top, count); i++) {
    ids[i] = lk_pair_id(w, i);
    v128_t e = lk_exp4(wasm_f32x4_splat(lk_pair_z(w, i)), &r);
    probs[i] = probability(wasm_f32x4_extract_lane(e, 0), total);
  }
}

int lk_distribution(lk_sampler *s, uint32_t top, uint32_t *ids, float *probs, void *work)
{
  if (s->n == 0) return LK_EMPTY;
  lk_chain c;
  open_chain(&c, s, work);
  int status = walk(&c);
  if (status == LK_OK && c.decided) {
    s->kept = 1;
    if (top > 0) ids[0] = c.token, probs[0] = 1;
  } else {
    if (status == LK_OK) status = lk_chain_weigh(&c);
    if (status == LK_OK) status = lk_chain_settle(&c);
    if (status == LK_OK) (c.listed ? law_of_list : law_of_row)(&c, top, ids, probs);
  }
  restore(&c);
  return status;
}
