/* The draw, by the definition in logitkit.h.   SPDX-License-Identifier: MIT
 *
 * Drawing from a whole row without computing its softmax: a block is chosen by an upper bound of its mass, and only the
 * blocks that were chosen are ever summed. About 12 of 2,374 on a peaked row (tests/tally).
 */
#include "chain.h"
#include "transform.h"

/* w_b in units of the block's largest weight: 64, and some for rounding. */
#define BOUND 65.0

static double uniform(const lk_chain *c, uint32_t index)
{
  LK_TALLY(&c->row, uniforms, 1);
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

/* Does a block whose maximum is that of the cut hold it at or before the cut? */
static bool reaches(const lk_chain *c, uint32_t b)
{
  int32_t first = (int32_t)(b * LK_BLOCK);
  if (first > c->cut.id) return false;
  if (first + LK_BLOCK - 1 <= c->cut.id) return true;
  _Alignas(16) float scratch[LK_BLOCK];
  const float *x = lk_row_block(&c->row, b, scratch);
  for (int32_t i = 0; first + i <= c->cut.id; i++)
    if (x[i] == c->cut.z) return true;
  return false;
}

static double group_sum(const lk_work *w, uint32_t g)
{
  const double *weight = w->weight + g * 64;
  v128_t low = wasm_v128_load(weight), high = wasm_v128_load(weight + 2);
  LK_ROLLED
  for (uint32_t b = 4; b < 64; b += 4) {
    low = wasm_f64x2_add(low, wasm_v128_load(weight + b));
    high = wasm_f64x2_add(high, wasm_v128_load(weight + b + 2));
  }
  return lk_fold_total(low, high);
}

static double table_sum(const lk_work *w, uint32_t groups)
{
  double total = 0;
  for (uint32_t g = 0; g < groups; g++) total += w->group[g];
  return total;
}

/* Step 3: the running sums of a block's candidates. Returns their last. */
static double running_sums(const lk_chain *c, uint32_t b, double sums[LK_BLOCK])
{
  _Alignas(16) float scratch[LK_BLOCK], e[LK_BLOCK];
  const float *x = lk_row_block(&c->row, b, scratch);
  LK_TALLY(&c->row, read, LK_BLOCK);
  LK_TALLY(&c->row, exps, LK_BLOCK);
  lk_exp_some(&c->exp, x, LK_BLOCK, e);
  double sum = 0;
  bool all = c->cut.z == -LK_INF;
  for (uint32_t i = 0; i < LK_BLOCK; i++) {
    if (all || lk_key_keeps(c->cut, x[i], b * LK_BLOCK + i)) sum += e[i];
    sums[i] = sum;
  }
  return sum;
}

/* W of the table, and how much of it is exact sums instead of bounds. */
typedef struct {
  double total, exact;
} lk_table;

/* The blocks that alone are more than 1/64 of the table: on a peaked row nearly every draw would meet them, and most of
 * their bound is air. There are fewer than 64. */
static lk_table refine_heavy(lk_chain *c, uint32_t groups, double total)
{
  lk_work *w = &c->work;
  double heavy = total / 64, exact = 0, sums[LK_BLOCK];
  v128_t least = wasm_f64x2_splat(heavy);
  bool any = false;
  for (uint32_t g = 0; g < groups; g++) {
    if (!(w->group[g] > heavy)) continue;
    bool changed = false;
    for (uint32_t b = g * 64; b < g * 64 + 64; b += 4) {
      v128_t low = wasm_f64x2_gt(wasm_v128_load(w->weight + b), least);
      v128_t high = wasm_f64x2_gt(wasm_v128_load(w->weight + b + 2), least);
      if (!wasm_v128_any_true(wasm_v128_or(low, high))) continue;
      for (uint32_t j = b; j < b + 4; j++)
        if (w->weight[j] > heavy) exact += w->weight[j] = running_sums(c, j, sums);
      changed = any = true;
    }
    if (changed) w->group[g] = group_sum(w, g);
  }
  return (lk_table){ any ? table_sum(w, groups) : total, exact };
}

/* Step 1. Weights behind the last block, up to the group's end, are 0. */
static lk_table build(lk_chain *c, uint32_t groups)
{
  lk_work *w = &c->work;
  lk_exp_regs r = lk_exp_load(&c->exp, lk_exp_poly);
  v128_t bound = wasm_f64x2_splat(BOUND), cut = wasm_f32x4_splat(c->cut.z);
  bool all = c->cut.z == -LK_INF;
  LK_TALLY(&c->row, exps, c->row.blocks);
  for (uint32_t b = 0; b < c->row.blocks; b += 4) {
    v128_t max = wasm_v128_load(c->row.block_max + b), e = lk_exp4(max, &r);
    if (!all) e = wasm_v128_and(e, wasm_f32x4_ge(max, cut));
    wasm_v128_store(w->weight + b, wasm_f64x2_mul(wasm_f64x2_promote_low_f32x4(e), bound));
    e = wasm_i32x4_shuffle(e, e, 2, 3, 2, 3);
    wasm_v128_store(w->weight + b + 2, wasm_f64x2_mul(wasm_f64x2_promote_low_f32x4(e), bound));
    if (all) continue;
    uint32_t equal = wasm_i32x4_bitmask(wasm_f32x4_eq(max, cut));
    for (; equal; equal &= equal - 1) {
      uint32_t j = b + (uint32_t)__builtin_ctz(equal);
      if (!reaches(c, j)) w->weight[j] = 0;
    }
  }
  for (uint32_t b = c->row.blocks; b < groups * 64; b++) w->weight[b] = 0;
  for (uint32_t g = 0; g < groups; g++) w->group[g] = group_sum(w, g);
  return refine_heavy(c, groups, table_sum(w, groups));
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

/* The table bounds the mass that top_p asks for, if it holds the same candidates and weights: each block has at least
 * its largest weight, and at most what the table says. */
static void bound_nucleus(lk_chain *c, lk_table table)
{
  lk_nucleus *u = &c->nucleus;
  if (u->exp.scale != c->exp.scale || u->cut.z != c->cut.z || u->cut.id != c->cut.id) return;
  u->least = table.exact + (table.total - table.exact) / BOUND;
  u->most = table.total;
}

static void draw_row(lk_chain *c)
{
  lk_work *w = &c->work;
  uint32_t groups = (c->row.blocks + 63) / 64;
  lk_table table = build(c, groups);
  double total = table.total, sums[LK_BLOCK];
  if (c->nucleus.pending) bound_nucleus(c, table);
  for (uint32_t index = 0;; index++) {
    double v = uniform(c, index) * total;
    uint32_t b = find_block(c, groups, &v), i = 0;
    double sum = running_sums(c, b, sums);
    if (v >= sum) {
      w->weight[b] = sum;
      w->group[b / 64] = group_sum(w, b / 64);
      total = table_sum(w, groups);
      continue;
    }
    while (!(sums[i] > v)) i++;
    if (lk_nucleus_takes(c, b * LK_BLOCK + i)) return;
    total = build(c, groups).total;
  }
}

int lk_draw(lk_chain *c)
{
  int status = lk_chain_transform(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  if (c->s->given) {
    c->token = (uint32_t)c->s->given - 1;
    status = lk_chain_settle(c);
    c->s->probability = lk_chain_drawn(c);
  } else if (c->s->method != LK_EXACT) lk_draw_gumbel(c);
  else if (c->listed) draw_list(c);
  else draw_row(c);
  return status;
}
