/* Token counts: entries in the order of first sight, found by an open-addressed hash.   SPDX-License-Identifier: MIT */
#include "counts.h"

_Static_assert(sizeof(lk_counts) == LK_COUNTS_HEAD && sizeof(lk_count) == LK_COUNTED, "JavaScript reads entries by these");

/* Cells: a power of two, at least twice the slots, so a probe always ends. */
static uint32_t cells_of(uint32_t slots)
{
  uint32_t cells = 8;
  while (cells < 2 * slots) cells *= 2;
  return cells;
}

uint32_t lk_counts_size(uint32_t slots)
{
  return (uint32_t)sizeof(lk_counts) + slots * (uint32_t)sizeof(lk_count) + cells_of(slots) * 4;
}

void lk_counts_init(lk_counts *counts, uint32_t slots)
{
  counts->slots = slots;
  counts->used = 0;
  counts->cells = cells_of(slots);
  counts->reserved = 0;
  uint32_t *cell = lk_counts_cells(counts);
  for (uint32_t i = 0; i < counts->cells; i++) cell[i] = 0;
}

/* The cell that holds token, or the empty one where it would stand. A cell holds 1 + the entry's number. */
static uint32_t *find_cell(const lk_counts *counts, uint32_t token)
{
  uint32_t *cell = lk_counts_cells((lk_counts *)counts);
  uint32_t last = counts->cells - 1;
  for (uint32_t i = token * 0x9e3779b1u >> 7 & last;; i = (i + 1) & last)
    if (cell[i] == 0 || counts->entry[cell[i] - 1].token == token) return cell + i;
}

const lk_count *lk_counts_find(const lk_counts *counts, uint32_t token)
{
  uint32_t cell = *find_cell(counts, token);
  return cell ? counts->entry + (cell - 1) : 0;
}

int lk_counts_add(lk_counts *counts, uint32_t token, int32_t all, int32_t output)
{
  uint32_t *cell = find_cell(counts, token);
  if (*cell == 0) {
    if (counts->used == counts->slots) return LK_FULL;
    counts->entry[counts->used] = (lk_count){ token, 0, 0, 0 };
    *cell = ++counts->used;
  }
  lk_count *entry = counts->entry + (*cell - 1);
  entry->all += all;
  entry->output += output;
  return LK_OK;
}

int lk_counts_merge(lk_counts *into, const lk_counts *from)
{
  for (uint32_t i = 0; i < from->used; i++) {
    const lk_count *e = from->entry + i;
    int status = lk_counts_add(into, e->token, e->all, e->output);
    if (status != LK_OK) return status;
  }
  return LK_OK;
}
