/* Stands in for src/mass.c where there are no vectors.   SPDX-License-Identifier: MIT */
#include "../mass.h"
#include "block.h"

double lk_mass(const lk_row *row, const lk_exp_table *t, lk_key last)
{
  float scratch[LK_BLOCK], e[LK_BLOCK];
  lk_lanes sums = { { 0, 0, 0, 0 } };
  for (uint32_t b = 0; b < row->blocks; b++) {
    if (row->block_max[b] < last.z) continue;
    LK_TALLY(row, read, LK_BLOCK);
    LK_TALLY(row, exps, LK_BLOCK);
    const float *x = lk_row_block(row, b, scratch);
    lk_exp_some(t, x, LK_BLOCK, e);
    for (uint32_t i = 0; i < LK_BLOCK; i++)
      if (!lk_key_keeps(last, x[i], b * LK_BLOCK + i)) e[i] = 0;
    lk_lanes_add16(&sums, e);
  }
  return lk_lanes_total(&sums);
}

lk_estimate lk_mass_estimate(const lk_row *row, const lk_exp_table *t, lk_key last)
{
  float scratch[LK_BLOCK], e[LK_BLOCK], scale = t->scale, magic = 0x1.8p15f + (float)(127 - t->ref);
  int32_t floor = (int32_t)lk_bits(0x1.8p15f);
  lk_lanes all = { { 0, 0, 0, 0 } }, in = all;
  LK_TALLY(row, read, row->blocks * LK_BLOCK);
  LK_TALLY(row, linear, row->blocks * LK_BLOCK);
  for (uint32_t b = 0; b < row->blocks; b++) {
    const float *x = lk_row_block(row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      int32_t bits = (int32_t)lk_bits(x[i] * scale + magic);
      e[i] = lk_float((uint32_t)(bits > floor ? bits : floor) << 15);
    }
    lk_lanes_add8(&all, e);
    for (uint32_t i = 0; i < LK_BLOCK; i++)
      if (!lk_key_keeps(last, x[i], b * LK_BLOCK + i)) e[i] = 0;
    lk_lanes_add8(&in, e);
  }
  double before = lk_lanes_total(&in) * LK_EXP_ONE;
  return (lk_estimate){ before, lk_lanes_total(&all) * LK_EXP_ONE - before };
}
