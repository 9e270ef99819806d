/* Stands in for src/walk.c where there are no vectors.   SPDX-License-Identifier: MIT */
#include "../walk.h"
#include "block.h"

typedef enum { TWICE, ONCE } reduction;

static inline void walk(const float *x, uint32_t n, float *out, const lk_mild *k, lk_onepass *result, reduction how)
{
  float scale = k->scale, magic = k->magic, hi = k->hi, lo = k->lo, floor = k->floor, max = -LK_INF;
  float a0 = k->a0, a1 = k->a1, a2 = k->a2, a3 = k->a3, a4 = k->a4, some[LK_BLOCK];
  lk_lanes sums = { { 0, 0, 0, 0 } };
  for (uint32_t end = LK_PADDED(n), at = 0; at < end; at += LK_BLOCK) {
    float *e = out ? out + at : some;
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      float z = x[at + i], d = z < floor ? floor : z;
      if (max < z) max = z;
      float y = d * scale, t = y + magic;
      double whole = (double)t - magic;
      float f = (float)(how == ONCE ? y - whole : (d - whole * hi) - (float)(whole * lo));
      float p = ((((f + a4) * f + a3) * f + a2) * f + a1) * f + a0;
      e[i] = p * lk_float(lk_bits(t) << 23);
    }
    lk_lanes_add16(&sums, e);
  }
  result->max = max;
  result->total = lk_lanes_total(&sums);
}

void lk_walk_store(const float *x, uint32_t n, float *out, const lk_mild *k, lk_onepass *result)
{
  walk(x, n, out, k, result, TWICE);
}

void lk_walk_exact(const float *x, uint32_t n, const lk_mild *k, lk_onepass *result)
{
  lk_walk_store(x, n, 0, k, result);
}

void lk_walk_sum(const float *x, uint32_t n, const lk_mild *k, lk_onepass *result)
{
  walk(x, n, 0, k, result, ONCE);
}

double lk_walk_exp(const float *x, float *out, uint32_t blocks, const lk_exp_table *t)
{
  lk_lanes sums = { { 0, 0, 0, 0 } };
  for (uint32_t i = 0; i < blocks * LK_BLOCK; i += LK_BLOCK) {
    lk_exp_some(t, x + i, LK_BLOCK, out + i);
    lk_lanes_add16(&sums, out + i);
  }
  return lk_lanes_total(&sums);
}
