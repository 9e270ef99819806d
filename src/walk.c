/* SPDX-License-Identifier: MIT */
#include "walk.h"

#define LOAD(field) v128_t field = wasm_v128_load32_splat(&k->field)

/* The walk over a row, with the weight of four logits as its only variable. Inlined into its two users. */
#define WALK(weight, store)                                                                        \
  v128_t low = wasm_f64x2_splat(0), high = low, max = wasm_f32x4_splat(-LK_INF);                   \
  for (uint32_t end = LK_PADDED(n), at = 0; at < end; at += LK_BLOCK) {                            \
    v128_t s[4];                                                                                   \
    LK_ROLLED                                                                                      \
    for (uint32_t i = 0; i < LK_BLOCK; i += 16) {                                                  \
      LK_UNROLLED                                                                                  \
      for (uint32_t j = 0; j < 4; j++) {                                                           \
        v128_t x4 = wasm_v128_load(x + at + i + 4 * j), e;                                         \
        max = wasm_f32x4_pmax(max, x4);                                                            \
        weight;                                                                                    \
        store;                                                                                     \
        s[j] = i == 0 ? e : wasm_f32x4_add(s[j], e);                                               \
      }                                                                                            \
    }                                                                                              \
    lk_fold(s[0], s[1], s[2], s[3], &low, &high);                                                  \
  }                                                                                                \
  result->max = lk_max_lane(max);                                                               \
  result->total = lk_fold_total(low, high)

#define POLYNOMIAL(f)                                                                              \
  e = wasm_f32x4_add(f, a4);                                                                       \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a3);                                                    \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a2);                                                    \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a1);                                                    \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a0);                                                    \
  e = wasm_f32x4_mul(e, wasm_i32x4_shl(t, 23))

#define REDUCE_TWICE                                                                               \
  v128_t d = wasm_f32x4_pmax(x4, floor);                                                           \
  v128_t t = wasm_f32x4_add(wasm_f32x4_mul(d, scale), magic);                                      \
  v128_t whole = wasm_f32x4_sub(t, magic);                                                         \
  d = wasm_f32x4_sub(d, wasm_f32x4_mul(whole, hi));                                                \
  d = wasm_f32x4_sub(d, wasm_f32x4_mul(whole, lo));                                                \
  POLYNOMIAL(d)

#define REDUCE_ONCE                                                                                \
  v128_t y = wasm_f32x4_mul(wasm_f32x4_pmax(x4, floor), scale);                                    \
  v128_t t = wasm_f32x4_add(y, magic);                                                             \
  y = wasm_f32x4_sub(y, wasm_f32x4_sub(t, magic));                                                 \
  POLYNOMIAL(y)

void lk_walk_store(const float *x, uint32_t n, float *out, const lk_mild *k, lk_onepass *result)
{
  LOAD(scale); LOAD(magic); LOAD(hi); LOAD(lo); LOAD(floor);
  LOAD(a0); LOAD(a1); LOAD(a2); LOAD(a3); LOAD(a4);
  WALK(REDUCE_TWICE, wasm_v128_store(out + at + i + 4 * j, e));
}

void lk_walk_exact(const float *x, uint32_t n, const lk_mild *k, lk_onepass *result)
{
  LOAD(scale); LOAD(magic); LOAD(hi); LOAD(lo); LOAD(floor);
  LOAD(a0); LOAD(a1); LOAD(a2); LOAD(a3); LOAD(a4);
  WALK(REDUCE_TWICE, (void)0);
}

void lk_walk_sum(const float *x, uint32_t n, const lk_mild *k, lk_onepass *result)
{
  LOAD(scale); LOAD(magic); LOAD(floor);
  LOAD(a0); LOAD(a1); LOAD(a2); LOAD(a3); LOAD(a4);
  WALK(REDUCE_ONCE, (void)0);
}

double lk_walk_exp(const float *x, float *out, uint32_t blocks, const lk_exp_table *t)
{
  lk_exp_regs r = lk_exp_load(t, lk_exp_poly);
  v128_t low = wasm_f64x2_splat(0), high = low;
  for (uint32_t b = 0; b < blocks; b++, x += LK_BLOCK, out += LK_BLOCK) {
    v128_t s[4];
    LK_UNROLLED
    for (uint32_t j = 0; j < 4; j++) {
      s[j] = lk_exp4(wasm_v128_load(x + 4 * j), &r);
      wasm_v128_store(out + 4 * j, s[j]);
    }
    LK_ROLLED
    for (uint32_t i = 16; i < LK_BLOCK; i += 16) {
      LK_UNROLLED
      for (uint32_t j = 0; j < 4; j++) {
        v128_t e = lk_exp4(wasm_v128_load(x + i + 4 * j), &r);
        wasm_v128_store(out + i + 4 * j, e);
        s[j] = wasm_f32x4_add(s[j], e);
      }
    }
    lk_fold(s[0], s[1], s[2], s[3], &low, &high);
  }
  return lk_fold_total(low, high);
}
