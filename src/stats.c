/* SPDX-License-Identifier: MIT */
#include "stats.h"

#include "log.h"

float lk_chain_max(const lk_chain *c) { return c->listed ? c->work.list_z[0] : c->row.max; }

typedef struct {
  v128_t low, high;
} lanes;

typedef struct {
  lanes total, squares, depth, depth2;
  uint32_t count;
} sums;

#define HIGH(v) wasm_i32x4_shuffle(v, v, 2, 3, 2, 3)

LK_INLINE void add(lanes *s, v128_t low, v128_t high)
{
  s->low = wasm_f64x2_add(s->low, low);
  s->high = wasm_f64x2_add(s->high, high);
}

static double sum(const lanes *s) { return lk_fold_total(s->low, s->high); }

/* Four logits, of which those in `in` survive, and their weights: 0 for the others, which stand in for the maximum (they
 * may be infinitely far from it). */
LK_INLINE void add_four(sums *s, v128_t x, v128_t in, v128_t max, bool weighted, const lk_exp_regs *r)
{
  v128_t d = wasm_v128_bitselect(x, max, in);
  v128_t top = wasm_f64x2_promote_low_f32x4(max);
  v128_t low = wasm_f64x2_sub(top, wasm_f64x2_promote_low_f32x4(d));
  v128_t high = wasm_f64x2_sub(top, wasm_f64x2_promote_low_f32x4(HIGH(d)));
  s->count += (uint32_t)__builtin_popcount(wasm_i32x4_bitmask(in));
  if (!weighted) {
    add(&s->depth, low, high);
    add(&s->depth2, wasm_f64x2_mul(low, low), wasm_f64x2_mul(high, high));
    return;
  }
  v128_t e = wasm_v128_and(lk_exp4(x, r), in);
  v128_t e_low = wasm_f64x2_promote_low_f32x4(e), e_high = wasm_f64x2_promote_low_f32x4(HIGH(e));
  add(&s->total, e_low, e_high);
  add(&s->squares, wasm_f64x2_mul(e_low, e_low), wasm_f64x2_mul(e_high, e_high));
  add(&s->depth, wasm_f64x2_mul(e_low, low), wasm_f64x2_mul(e_high, high));
}

static __attribute__((noinline)) void add_row(const lk_chain *c, sums *s, bool weighted)
{
  _Alignas(16) float scratch[LK_BLOCK];
  lk_exp_regs r = lk_exp_load(&c->exp, lk_exp_poly);
  v128_t max = wasm_f32x4_splat(c->row.max), none = wasm_f32x4_splat(-LK_INF);
  v128_t z = wasm_f32x4_splat(c->cut.z), last = wasm_i32x4_splat(c->cut.id), ids = wasm_i32x4_make(0, 1, 2, 3);
  for (uint32_t b = 0; b < c->row.blocks; b++) {
    if (c->row.block_max[b] < c->cut.z) continue;
    const float *x = lk_row_block(&c->row, b, scratch);
    LK_ROLLED
    for (uint32_t i = 0; i < LK_BLOCK; i += 4) {
      v128_t v = wasm_v128_load(x + i), id = wasm_i32x4_add(ids, wasm_i32x4_splat((int32_t)(b * LK_BLOCK + i)));
      v128_t tie = wasm_v128_and(wasm_f32x4_eq(v, z), wasm_i32x4_le(id, last));
      v128_t in = wasm_v128_and(wasm_v128_or(wasm_f32x4_gt(v, z), tie), wasm_f32x4_gt(v, none));
      add_four(s, v, in, max, weighted, &r);
    }
  }
}

int lk_chain_moments(lk_chain *c, lk_moments *out)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  *out = (lk_moments){ .count = 0 };
  if (c->listed) {
    for (uint32_t i = 0; i < c->count; i++) {
      double depth = (double)c->work.list_z[0] - c->work.list_z[i];
      out->depth += depth;
      out->depth2 += depth * depth;
    }
    out->count = c->count;
    return LK_OK;
  }
  sums s = { .count = 0 };
  if (!c->weighted) c->exp = (lk_exp_table){ .ref = 0 }; /* loaded, not used */
  add_row(c, &s, false);
  out->count = s.count;
  out->depth = sum(&s.depth);
  out->depth2 = sum(&s.depth2);
  return LK_OK;
}

int lk_chain_stats(lk_chain *c, lk_stats *out)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  *out = (lk_stats){ .count = 0 };
  double top = lk_chain_max(c);
  if (c->listed) {
    for (uint32_t i = 0; i < c->count; i++) {
      double e = c->work.list_e[i];
      out->total += e;
      out->squares += e * e;
      out->depth += e * (top - c->work.list_z[i]);
    }
    out->count = c->count;
  } else {
    sums s = { .count = 0 };
    add_row(c, &s, true);
    out->count = s.count;
    out->total = sum(&s.total);
    out->squares = sum(&s.squares);
    out->depth = sum(&s.depth);
  }
  out->depth /= out->total;
  /* The first survivor's weight is among those summed: what is near 0 stays accurate. */
  out->ln_total = lk_log(out->total / lk_exp_of(&c->exp, (float)top));
  out->entropy = out->ln_total + out->depth / c->temperature;
  return LK_OK;
}
