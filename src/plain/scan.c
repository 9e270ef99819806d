/* Stands in for src/scan.c and src/scan16.c where there are no vectors.   SPDX-License-Identifier: MIT
 *
 * A comparison that fails finds both the next maximum and NaN, so that there is one for nearly every logit.
 */
#include "../row.h"

int lk_scan(lk_row *row)
{
  if (row->n == 0) return LK_EMPTY;
  lk_row_pad(row);
  LK_TALLY(row, read, row->blocks * LK_BLOCK);
  uint32_t index, nans = 0;
  /* What a mask hides is converted to -INFINITY, and would hide its NaN as well. */
  if (row->mask) lk_find_nan(row->at, row->n, row->dtype, &index, &nans);
  if (nans > 0) return LK_NAN;
  _Alignas(16) float scratch[LK_BLOCK];
  row->max = -LK_INF;
  for (uint32_t b = 0; b < row->blocks; b++) {
    const float *x = lk_row_block(row, b, scratch);
    float max = -LK_INF;
    for (const float *end = x + LK_BLOCK; x < end; x++) {
      float z = *x;
      if (z <= max) continue;
      if (z != z) return LK_NAN;
      max = z;
    }
    row->block_max[b] = max;
    if (max > row->max) row->max = max;
  }
  return LK_OK;
}
