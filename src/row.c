/* SPDX-License-Identifier: MIT */
#include "row.h"

#define LK_RADIX (3 * 2048)

static uint32_t up16(uint32_t bytes) { return (bytes + 15) & ~15u; }

static uint32_t blocks_of(uint32_t n) { return LK_PADDED(n) / LK_BLOCK; }

/* One list of the pieces serves the size and the cutting: from null it only adds up. */
static uint32_t cut(lk_work *w, uintptr_t at, uint32_t n)
{
  uint32_t blocks = blocks_of(n), groups = (blocks + 63) / 64, used = 0;
#define PIECE(field, bytes) (w->field = (void *)(at + used), used += up16(bytes))
#ifdef LK_COUNT
  PIECE(tally, sizeof(lk_tally));
#endif
  PIECE(block_max, blocks * 4);
  PIECE(weight, groups * 64 * 8);
  PIECE(group, groups * 8);
  PIECE(spare, LK_PADDED(n) * 4);
  PIECE(pair, LK_PADDED(n) * 8);
  PIECE(swap, LK_PADDED(n) * 8);
  PIECE(histogram, LK_RADIX * 4);
  PIECE(list_z, LK_LIST * 4);
  PIECE(list_id, LK_LIST * 4);
  PIECE(list_e, LK_LIST * 4);
  PIECE(token, LK_PADDED(n) * 4);
#undef PIECE
  return used;
}

uint32_t lk_work_size(uint32_t n)
{
  lk_work w;
  return cut(&w, 0, n);
}

void lk_work_open(lk_work *w, void *memory, uint32_t n) { cut(w, (uintptr_t)memory, n); }

void lk_row_open(lk_row *row, void *x, uint32_t n, uint32_t dtype, lk_work *w)
{
#ifdef LK_COUNT
  row->tally = w->tally;
#endif
  row->at = x;
  row->dtype = dtype;
  row->n = n;
  row->blocks = blocks_of(n);
  row->mask = 0;
  row->mask_words = 0;
  row->block_max = w->block_max;
  row->max = -LK_INF;
}

void lk_row_begin(lk_row *row, float *x, uint32_t n, lk_work *w, void *work)
{
  lk_work_open(w, work, n);
  lk_row_open(row, x, n, LK_F32, w);
}

void lk_row_pad(lk_row *row)
{
  float *x = row->at;
  uint16_t *h = row->at;
  for (uint32_t i = row->n; i < LK_PADDED(row->n); i++) {
    if (row->dtype == LK_F32) x[i] = -LK_INF;
    else h[i] = row->dtype == LK_F16 ? 0xfc00 : 0xff80;
  }
}
