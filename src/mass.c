/* SPDX-License-Identifier: MIT */
#include "mass.h"

/* One block; tokens below `least` are outside the set and weigh 0, which changes no bit of the sum. */
LK_INLINE void add_block(const float *x, v128_t least, const lk_exp_regs *r, v128_t *low, v128_t *high)
{
  v128_t s[4];
  LK_UNROLLED
  for (uint32_t j = 0; j < 4; j++) {
    v128_t v = wasm_v128_load(x + 4 * j);
    s[j] = wasm_v128_and(lk_exp4(v, r), wasm_f32x4_ge(v, least));
  }
  LK_ROLLED
  for (uint32_t i = 16; i < LK_BLOCK; i += 16) {
    LK_UNROLLED
    for (uint32_t j = 0; j < 4; j++) {
      v128_t v = wasm_v128_load(x + i + 4 * j);
      s[j] = wasm_f32x4_add(s[j], wasm_v128_and(lk_exp4(v, r), wasm_f32x4_ge(v, least)));
    }
  }
  lk_fold(s[0], s[1], s[2], s[3], low, high);
}

/* Which tokens of block b are at or before `last`: those whose value in the returned block is at least *least. Tokens
 * equal to last.z belong up to last.id: the whole block's, none, or those of its first part; then it is a copy, in which
 * the others are masked. */
static const float *members(const float *x, uint32_t b, lk_key last, float *copy, float *least)
{
  int32_t first = (int32_t)(b * LK_BLOCK);
  *least = first > last.id ? lk_above(last.z) : last.z;
  if (first > last.id || first + LK_BLOCK - 1 <= last.id) return x;
  for (int32_t i = 0; i < LK_BLOCK; i++) copy[i] = x[i] == last.z && first + i > last.id ? -LK_INF : x[i];
  return copy;
}

double lk_mass(const lk_row *row, const lk_exp_table *t, lk_key last)
{
  _Alignas(16) float scratch[LK_BLOCK], copy[LK_BLOCK];
  float least;
  lk_exp_regs r = lk_exp_load(t, lk_exp_poly);
  v128_t low = wasm_f64x2_splat(0), high = low;
  for (uint32_t b = 0; b < row->blocks; b++) {
    if (row->block_max[b] < last.z) continue;
    LK_TALLY(row, read, LK_BLOCK);
    LK_TALLY(row, exps, LK_BLOCK);
    const float *x = members(lk_row_block(row, b, scratch), b, last, copy, &least);
    add_block(x, wasm_f32x4_splat(least), &r, &low, &high);
  }
  return lk_fold_total(low, high);
}

/* 2^y is taken as (1 + frac y) 2^floor y, too much by 6.15 % at the most. Adding 1.5 2^15 leaves y + 127 - ref with
 * 8 bits of fraction in the sum's last 16 bits (rounding: 0.2 %); shifted by 15 they are the float. What would be below
 * the least float is held there as an integer, which floats of one sign order like. */
typedef struct {
  v128_t scale, magic, floor;
} linear;

LK_INLINE v128_t linear4(v128_t x, const linear *k)
{
  v128_t t = wasm_f32x4_add(wasm_f32x4_mul(x, k->scale), k->magic);
  return wasm_i32x4_shl(wasm_i32x4_max(t, k->floor), 15);
}

lk_estimate lk_mass_estimate(const lk_row *row, const lk_exp_table *t, lk_key last)
{
  _Alignas(16) float scratch[LK_BLOCK], copy[LK_BLOCK];
  float least, floor = 0x1.8p15f, magic = 0x1.8p15f + (float)(127 - t->ref);
  linear k = { wasm_v128_load32_splat(&t->scale), wasm_v128_load32_splat(&magic), wasm_v128_load32_splat(&floor) };
  LK_TALLY(row, read, row->blocks * LK_BLOCK);
  LK_TALLY(row, linear, row->blocks * LK_BLOCK);
  v128_t zero = wasm_f32x4_splat(0), all_low = wasm_f64x2_splat(0);
  v128_t all_high = all_low, low = all_low, high = all_low;
  for (uint32_t b = 0; b < row->blocks; b++) {
    const float *x = lk_row_block(row, b, scratch);
    const float *member = members(x, b, last, copy, &least);
    v128_t bar = wasm_f32x4_splat(least);
    v128_t sum0 = zero, sum1 = zero, in0 = zero, in1 = zero;
    LK_ROLLED
    for (uint32_t i = 0; i < LK_BLOCK; i += 8) {
      v128_t v0 = wasm_v128_load(x + i), v1 = wasm_v128_load(x + i + 4);
      v128_t e0 = linear4(v0, &k), e1 = linear4(v1, &k);
      sum0 = wasm_f32x4_add(sum0, e0);
      sum1 = wasm_f32x4_add(sum1, e1);
      in0 = wasm_f32x4_add(in0, wasm_v128_and(e0, wasm_f32x4_ge(wasm_v128_load(member + i), bar)));
      in1 = wasm_f32x4_add(in1, wasm_v128_and(e1, wasm_f32x4_ge(wasm_v128_load(member + i + 4), bar)));
    }
    lk_fold(sum0, sum1, zero, zero, &all_low, &all_high);
    lk_fold(in0, in1, zero, zero, &low, &high);
  }
  double before = lk_fold_total(low, high) * LK_EXP_ONE;
  return (lk_estimate){ before, lk_fold_total(all_low, all_high) * LK_EXP_ONE - before };
}
