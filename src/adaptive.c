/* Stage adaptive: adaptive-p.   SPDX-License-Identifier: MIT
 * MrJackSpade and ddh0 2025/26: llama.cpp pull request 17927. */
#include "cut.h"

#define WIDTH 0.3      /* how far from its target a probability may be without being weak */
#define SHARPNESS 10.0

static bool active(const lk_sampler *s) { return s->adaptive_target >= 0; }

/* As if the target had been met for ever. NaN is no state. */
static bool started(const lk_sampler *s) { return s->adaptive_weight == s->adaptive_weight; }
static double weight_of(const lk_sampler *s)
{
  return started(s) ? s->adaptive_weight : 1 / (1 - s->adaptive_decay);
}
static double sum_of(const lk_sampler *s)
{
  return started(s) ? s->adaptive_sum : s->adaptive_target / (1 - s->adaptive_decay);
}

/* What is asked for now, so that the average comes back to the target. */
static double aim(const lk_sampler *s)
{
  double t = 2 * s->adaptive_target - sum_of(s) / weight_of(s);
  return t < 0 ? 0 : t > 1 ? 1 : t;
}

typedef struct {
  v128_t share, target, unit, one, sharpness;
} shape;

static void shape_init(shape *k, double total, double target)
{
  k->share = wasm_f64x2_splat(1 / total);
  k->target = wasm_f64x2_splat(target);
  k->unit = wasm_f64x2_splat(1 / WIDTH);
  k->one = wasm_f64x2_splat(1);
  k->sharpness = wasm_f64x2_splat(-SHARPNESS);
}

/* Two probabilities to two logits. */
LK_INLINE v128_t bent(v128_t p, const shape *k)
{
  v128_t d = wasm_f64x2_mul(wasm_f64x2_abs(wasm_f64x2_sub(p, k->target)), k->unit);
  return wasm_f64x2_div(wasm_f64x2_mul(k->sharpness, wasm_f64x2_mul(d, d)), wasm_f64x2_add(k->one, d));
}

LK_INLINE v128_t rounded(v128_t low, v128_t high)
{
  return wasm_i32x4_shuffle(wasm_f32x4_demote_f64x2_zero(low), wasm_f32x4_demote_f64x2_zero(high), 0, 1, 4, 5);
}

/* Four weights: returns their logits, and *p, their probabilities. */
static v128_t bent4(v128_t e, const shape *k, v128_t *p)
{
  v128_t low = wasm_f64x2_mul(wasm_f64x2_promote_low_f32x4(e), k->share);
  v128_t high = wasm_f64x2_mul(wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(e, e, 2, 3, 2, 3)), k->share);
  *p = rounded(low, high);
  return rounded(bent(low, k), bent(high, k));
}

static void learn(lk_chain *c)
{
  lk_sampler *s = c->s;
  s->adaptive_sum_next = c->work.token[c->token] + s->adaptive_decay * sum_of(s);
  s->adaptive_weight_next = 1 + s->adaptive_decay * weight_of(s);
}

static int apply_list(lk_chain *c, const shape *k)
{
  lk_work *w = &c->work;
  v128_t p;
  _Alignas(16) float seen[4];
  for (uint32_t i = 0; i < c->count; i += 4) {
    wasm_v128_store(w->list_z + i, bent4(wasm_v128_load(w->list_e + i), k, &p));
    wasm_v128_store(seen, p);
    for (uint32_t j = 0; j < 4 && i + j < c->count; j++) {
      if (c->learning) w->token[w->list_id[i + j]] = seen[j];
    }
  }
  lk_chain_resort(c);
  return LK_OK;
}

/* Most of a vocabulary weighs nothing that counts, but all of it may be drawn: no survivor is left out. */
static int apply_row(lk_chain *c, const shape *k)
{
  lk_work *w = &c->work;
  _Alignas(16) float scratch[LK_BLOCK], e[LK_BLOCK];
  v128_t p, none = wasm_f32x4_splat(-LK_INF);
  if (c->cut.z > -LK_INF) lk_row_window(&c->row, (lk_key){ LK_INF, -1 }, c->cut, w);
  for (uint32_t b = 0; b < c->row.blocks; b++) {
    const float *x = lk_row_block(&c->row, b, scratch);
    float *out = w->spare + (size_t)b * LK_BLOCK, *seen = w->token + (size_t)b * LK_BLOCK;
    lk_exp_some(&c->exp, x, LK_BLOCK, e);
    for (uint32_t i = 0; i < LK_BLOCK; i += 4) {
      v128_t open = wasm_f32x4_gt(wasm_v128_load(x + i), none);
      wasm_v128_store(out + i, wasm_v128_bitselect(bent4(wasm_v128_load(e + i), k, &p), none, open));
      if (c->learning) wasm_v128_store(seen + i, p);
    }
  }
  return lk_chain_reopen(c);
}

static int apply(lk_chain *c)
{
  int status = lk_chain_weigh(c);
  if (status == LK_OK) status = lk_chain_settle(c);
  if (status != LK_OK) return status;
  shape k;
  shape_init(&k, lk_chain_mass(c), aim(c->s));
  c->temperature = 1;
  c->learn = learn;
  return (c->listed ? apply_list : apply_row)(c, &k);
}

const lk_stage_def lk_stage_adaptive = { active, apply, 0 };
