/* The draw, by the definition in logitkit.h.   SPDX-License-Identifier: MIT
 *
 * Drawing from a whole row without computing its softmax: a block is chosen by an upper bound of its mass, and only the
 * blocks that were chosen are ever summed. About 9 of 2,374 on a peaked row (LOG.md).
 */
#include "chain.h"
#include "transform.h"

/* w_b in units of the block's largest weight: 64, and some for rounding. */
#define BOUND 65.0

static double uniform(const lk_chain *c, uint32_t index)
{
  return lk_uniform(c->s->seed, c->s->position, LK_PURPOSE_DRAW, (uint32_t)c->s->stream, index);
}

static void draw_list(lk_chain *c)
{
  const float *e = c->work.list_e;
  double total = 0, sum = 0;
  for (uint32_t i = 0; i < c->count; i++) total += e[i];
  double v = uniform(c, 0) * total;
  uint32_t last = 0;
  for (uint32_t i = 0; i < c->count; i++) {
    if (e[i] > 0) last = i;
    sum += e[i];
    if (sum > v) break;
  }
  c->token = c->work.list_id[last];
}

/* Does the block hold a token at or before the cut whose logit is the block's maximum? */
static bool reaches(const lk_chain *c, uint32_t b)
{
  float max = c->row.block_max[b];
  if (max != c->cut.z) return max > c->cut.z;
  int32_t first = (int32_t)(b * LK_BLOCK);
  if (first > c->cut.id) return false;
  if (first + LK_BLOCK - 1 <= c->cut.id) return true;
  _Alignas(16) float scratch[LK_BLOCK];
  const float *x = lk_row_block(&c->row, b, scratch);
  for (int32_t i = 0; first + i <= c->cut.id; i++)
    if (x[i] == max) return true;
  return false;
}

static double group_sum(const lk_work *w, uint32_t g)
{
  double sum = 0;
  for (uint32_t b = g * 64; b < g * 64 + 64; b++) sum += w->weight[b];
  return sum;
}

/* Step 1. Weights behind the last block, up to the group's end, are 0. */
static double build(lk_chain *c, uint32_t groups)
{
  lk_work *w = &c->work;
  lk_exp_regs r = lk_exp_load(&c->exp, lk_exp_poly);
  bool all = c->cut.z == -LK_INF;
  for (uint32_t b = 0; b < c->row.blocks; b += 4) {
    _Alignas(16) float e[4];
    wasm_v128_store(e, lk_exp4(wasm_v128_load(c->row.block_max + b), &r));
    for (uint32_t j = 0; j < 4; j++) w->weight[b + j] = all || reaches(c, b + j) ? BOUND * e[j] : 0;
  }
  for (uint32_t b = c->row.blocks; b < groups * 64; b++) w->weight[b] = 0;
  double total = 0;
  for (uint32_t g = 0; g < groups; g++) total += w->group[g] = group_sum(w, g);
  return total;
}

/* Step 2: the block at *v of the table; *v becomes the rest. */
static uint32_t find_block(const lk_chain *c, uint32_t groups, double *v)
{
  const lk_work *w = &c->work;
  uint32_t g = 0, b;
  for (; g < groups && *v >= w->group[g]; g++) *v -= w->group[g];
  if (g < groups) {
    for (b = g * 64; b < g * 64 + 64 && *v >= w->weight[b]; b++) *v -= w->weight[b];
    if (b < g * 64 + 64) return b;
  }
  for (b = lk_min_u32(g * 64 + 64, groups * 64); w->weight[b - 1] == 0; b--) {}
  *v = w->weight[b - 1] / 2;
  return b - 1;
}

/* Step 3: the running sums of a block's candidates. Returns their last. */
static double running_sums(const lk_chain *c, uint32_t b, double sums[LK_BLOCK])
{
  _Alignas(16) float scratch[LK_BLOCK], e[LK_BLOCK];
  const float *x = lk_row_block(&c->row, b, scratch);
  lk_exp_some(&c->exp, x, LK_BLOCK, e);
  double sum = 0;
  for (uint32_t i = 0; i < LK_BLOCK; i++) {
    if (lk_key_keeps(c->cut, x[i], b * LK_BLOCK + i)) sum += e[i];
    sums[i] = sum;
  }
  return sum;
}

/* The table bounds the mass that top_p asks for, if it holds the same candidates and weights: each block has at least
 * its largest weight, and at most what the table says. */
static void bound_nucleus(lk_chain *c, double total)
{
  lk_nucleus *u = &c->nucleus;
  if (u->exp.scale != c->exp.scale || u->cut.z != c->cut.z || u->cut.id != c->cut.id) return;
  u->least = total / BOUND;
  u->most = total;
}

static int draw_row(lk_chain *c)
{
  lk_work *w = &c->work;
  uint32_t groups = (c->row.blocks + 63) / 64;
  double total = build(c, groups), sums[LK_BLOCK];
  if (c->nucleus.pending) bound_nucleus(c, total);
  for (uint32_t index = 0;; index++) {
    double v = uniform(c, index) * total;
    uint32_t b = find_block(c, groups, &v), i = 0;
    double sum = running_sums(c, b, sums);
    if (v >= sum) {
      w->weight[b] = sum;
      w->group[b / 64] = group_sum(w, b / 64);
      total = 0;
      for (uint32_t g = 0; g < groups; g++) total += w->group[g];
      continue;
    }
    while (!(sums[i] > v)) i++;
    uint32_t id = b * LK_BLOCK + i;
    float z = lk_row_at(&c->row, id);
    if (!c->nucleus.pending || lk_nucleus_holds(c, z, id)) {
      c->token = id;
      return LK_OK;
    }
    c->cut = (lk_key){ z, (int32_t)id - 1 };
    total = build(c, groups);
  }
}

int lk_draw(lk_chain *c)
{
  int status = lk_chain_transform(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  if (!c->listed) return draw_row(c);
  draw_list(c);
  return LK_OK;
}
