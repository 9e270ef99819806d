/* lk_exp: the weight e^(x/T) of a logit, up to a factor that is the same for the whole row.   SPDX-License-Identifier: MIT
 *
 * x/T ln2^-1 = n + f with integer n and |f| <= 1/2; the weight is 2^(n - ref) P(f), where P is the minimax polynomial of
 * degree 5 for 2^f on [-1/2, 1/2] (relative error 7.5e-8, our own Remez fit), divided by its leading coefficient, which
 * saves a multiplication and leaves the common factor LK_EXP_ONE = P(0).
 *
 * n comes from adding 1.5 2^23 + 127 - ref: the sum's last bits hold n - ref + 127, and shifted left by 23 they are the
 * float 2^(n - ref). The argument is reduced as (x - n hi) - n lo, where hi has 14 bits of T ln 2: n hi is exact for
 * |n| < 2^10, and so is the first difference. Multiplying x by one rounded constant instead would cost up to 3e-7 |x/T| / 8.
 *
 * Rows far from 0 (|max| >= 256 T) have max subtracted first; that is exact for every x that counts, since then
 * max/2 <= x <= 2 max. Nearer to 0 it would round, so nothing is subtracted.
 *
 * ref makes the largest weight about 2^20 LK_EXP_ONE: everything down to 2^-126 of it is a normal number, and a sum over
 * LK_MAX_VOCAB is finite. ref moves only the exponent, never a bit of the mantissa.
 */
#ifndef LK_EXP_H
#define LK_EXP_H

#include "base.h"

#define LK_EXP_ONE 0x1.789b54p+9f
#define LK_EXP_HEADROOM 20

/* Constants of one (T, max), kept in memory: engines rebuild literal vectors inside loops, and the same loop then takes
 * twice the time on newer V8 (tests/bench/LOG.md). Loaded once before a loop they stay in registers. */
typedef struct {
  float base, scale, magic, hi, lo, floor;
  int32_t ref;
} lk_exp_table;

/* T in [2^-90, 2^90] or +INFINITY, max finite. */
void lk_exp_init(lk_exp_table *t, double temperature, float max);

/* ln of the sum that a sum of weights stands for. */
double lk_exp_ln(const lk_exp_table *t, double temperature, double sum);

typedef struct {
  v128_t base, scale, magic, hi, lo, floor, a0, a1, a2, a3, a4;
} lk_exp_regs;

extern const float lk_exp_poly[5];

LK_INLINE lk_exp_regs lk_exp_load(const lk_exp_table *t, const float *poly)
{
  lk_exp_regs r;
  r.base = wasm_v128_load32_splat(&t->base);
  r.scale = wasm_v128_load32_splat(&t->scale);
  r.magic = wasm_v128_load32_splat(&t->magic);
  r.hi = wasm_v128_load32_splat(&t->hi);
  r.lo = wasm_v128_load32_splat(&t->lo);
  r.floor = wasm_v128_load32_splat(&t->floor);
  r.a0 = wasm_v128_load32_splat(poly);
  r.a1 = wasm_v128_load32_splat(poly + 1);
  r.a2 = wasm_v128_load32_splat(poly + 2);
  r.a3 = wasm_v128_load32_splat(poly + 3);
  r.a4 = wasm_v128_load32_splat(poly + 4);
  return r;
}

/* Four weights. Below the floor they are 0; NaN stays NaN (the comparison is false for it). */
LK_INLINE v128_t lk_exp4(v128_t x, const lk_exp_regs *r)
{
  v128_t d = wasm_f32x4_sub(x, r->base);
  v128_t t = wasm_f32x4_add(wasm_f32x4_mul(d, r->scale), r->magic);
  v128_t n = wasm_f32x4_sub(t, r->magic);
  v128_t f = wasm_f32x4_sub(d, wasm_f32x4_mul(n, r->hi));
  f = wasm_f32x4_sub(f, wasm_f32x4_mul(n, r->lo));
  f = wasm_f32x4_mul(f, r->scale);
  v128_t p = wasm_f32x4_add(f, r->a4);
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), r->a3);
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), r->a2);
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), r->a1);
  p = wasm_f32x4_add(wasm_f32x4_mul(p, f), r->a0);
  p = wasm_f32x4_mul(p, wasm_i32x4_shl(t, 23));
  return wasm_v128_andnot(p, wasm_f32x4_lt(d, r->floor));
}

/* The weights of count logits, a multiple of 4, for loops that are not the hottest. In place allowed. */
void lk_exp_some(const lk_exp_table *t, const float *x, uint32_t count, float *out);

/* The weight of one. */
float lk_exp_of(const lk_exp_table *t, float x);

/* The float32 lanes of one block of 16 vectors, in the order of "Mass" in logitkit.h, added to float64 lanes. */
LK_INLINE void lk_fold(v128_t s0, v128_t s1, v128_t s2, v128_t s3, v128_t *low, v128_t *high)
{
  v128_t s = wasm_f32x4_add(wasm_f32x4_add(s0, s1), wasm_f32x4_add(s2, s3));
  *low = wasm_f64x2_add(*low, wasm_f64x2_promote_low_f32x4(s));
  *high = wasm_f64x2_add(*high, wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(s, s, 2, 3, 2, 3)));
}

LK_INLINE double lk_fold_total(v128_t low, v128_t high)
{
  v128_t s = wasm_f64x2_add(low, high);
  return wasm_f64x2_extract_lane(s, 0) + wasm_f64x2_extract_lane(s, 1);
}

#endif
