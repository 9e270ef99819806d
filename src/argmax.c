/* lk_argmax, and the first bearer of a row's maximum.   SPDX-License-Identifier: MIT */
#include "argmax.h"

uint32_t lk_row_argmax(const lk_row *row)
{
  _Alignas(16) float scratch[LK_BLOCK];
  uint32_t b = 0, i = 0;
  while (row->block_max[b] != row->max) b++;
  const float *x = lk_row_block(row, b, scratch);
  while (x[i] != row->max) i++;
  return b * LK_BLOCK + i;
}

int lk_argmax(float *x, uint32_t n, uint32_t *out, void *work)
{
  lk_work w;
  lk_row row;
  lk_row_begin(&row, x, n, &w, work);
  int status = lk_scan(&row);
  if (status != LK_OK) return status;
  if (row.max == -LK_INF) return LK_MASKED;
  *out = lk_row_argmax(&row);
  return LK_OK;
}
