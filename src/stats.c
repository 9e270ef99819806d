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

/* The survivors of a row; with `e`, a block's room, by their weights. Those that do not survive stand in for the maximum (they
 * may be infinitely far from it). */
static __attribute__((noinline)) void add_row(const lk_chain *c, sums *result, float *e)
{
  _Alignas(16) float scratch[LK_BLOCK];
  sums s = *result;
  v128_t max = wasm_f32x4_splat(c->row.max), top = wasm_f64x2_promote_low_f32x4(max);
  v128_t z = wasm_f32x4_splat(c->cut.z), last = wasm_i32x4_splat(c->cut.id), ids = wasm_i32x4_make(0, 1, 2, 3);
  for (uint32_t b = 0; b < c->row.blocks; b++) {
    if (c->row.block_max[b] < c->cut.z) continue;
    const float *x = lk_row_block(&c->row, b, scratch);
    if (e) lk_exp_some(&c->exp, x, LK_BLOCK, e);
    LK_ROLLED
    for (uint32_t i = 0; i < LK_BLOCK; i += 4) {
      v128_t v = wasm_v128_load(x + i), in = wasm_f32x4_gt(v, z);
      if (c->cut.z > -LK_INF) {
        v128_t id = wasm_i32x4_add(ids, wasm_i32x4_splat((int32_t)(b * LK_BLOCK + i)));
        in = wasm_v128_or(in, wasm_v128_and(wasm_f32x4_eq(v, z), wasm_i32x4_le(id, last)));
      }
      v = wasm_v128_bitselect(v, max, in);
      v128_t low = wasm_f64x2_sub(top, wasm_f64x2_promote_low_f32x4(v));
      v128_t high = wasm_f64x2_sub(top, wasm_f64x2_promote_low_f32x4(HIGH(v)));
      s.count += (uint32_t)__builtin_popcount(wasm_i32x4_bitmask(in));
      if (!e) {
        add(&s.depth, low, high);
        add(&s.depth2, wasm_f64x2_mul(low, low), wasm_f64x2_mul(high, high));
        continue;
      }
      v128_t w = wasm_v128_and(wasm_v128_load(e + i), in);
      v128_t w_low = wasm_f64x2_promote_low_f32x4(w), w_high = wasm_f64x2_promote_low_f32x4(HIGH(w));
      add(&s.total, w_low, w_high);
      add(&s.squares, wasm_f64x2_mul(w_low, w_low), wasm_f64x2_mul(w_high, w_high));
      add(&s.depth, wasm_f64x2_mul(w_low, low), wasm_f64x2_mul(w_high, high));
    }
  }
  *result = s;
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
  add_row(c, &s, 0);
  out->count = s.count;
  out->depth = sum(&s.depth);
  out->depth2 = sum(&s.depth2);
  return LK_OK;
}

/* The first survivor's weight is among those summed: what is near 0 stays accurate. */
static double ln_ratio(const lk_chain *c, double total)
{
  return lk_log(total / lk_exp_of(&c->exp, lk_chain_max(c)));
}

int lk_chain_ln_total(lk_chain *c, double *out)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  if (status == LK_OK) *out = ln_ratio(c, lk_chain_mass(c));
  return status;
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
    _Alignas(16) float e[LK_BLOCK];
    add_row(c, &s, e);
    out->count = s.count;
    out->total = sum(&s.total);
    out->squares = sum(&s.squares);
    out->depth = sum(&s.depth);
  }
  out->depth /= out->total;
  out->ln_total = ln_ratio(c, out->total);
  out->entropy = out->ln_total + out->depth / c->temperature;
  return LK_OK;
}
