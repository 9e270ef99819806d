/* The first k tokens of a row in descending order, without sorting the vocabulary.   SPDX-License-Identifier: MIT */
#ifndef LK_SELECT_H
#define LK_SELECT_H

#include "row.h"

/* The first min(k, survivors) at or before `cut`, k <= LK_LIST, into w->list_z and w->list_id. Returns how many. */
uint32_t lk_select_list(const lk_row *row, lk_key cut, uint32_t k, lk_work *w);

/* The same for any k, into w->pair as (sort key, id). */
uint32_t lk_select_pairs(const lk_row *row, lk_key cut, uint32_t k, lk_work *w);

/* Sorts the first `count` of w->pair by their keys; equal ones stay as they stood. */
void lk_sort_pairs(lk_work *w, uint32_t count);

/* Ascending order of the sort key is descending order of the logit; -0 and 0 share one key, since they are equal. */
static inline uint32_t lk_sort_key(float z)
{
  uint32_t u = lk_bits(z + 0.0f);
  return u >> 31 ? u : u ^ 0x7fffffffu;
}

/* The i-th logit and id of the sorted pairs. */
static inline float lk_pair_z(const lk_work *w, uint32_t i)
{
  uint32_t key = w->pair[2 * i];
  return lk_float(key >> 31 ? key : key ^ 0x7fffffffu);
}

static inline uint32_t lk_pair_id(const lk_work *w, uint32_t i) { return w->pair[2 * i + 1]; }

/* The place of the k-th survivor, k >= 1; LK_KEY_ALL when there are fewer. Uses w->list_* or w->pair. */
lk_key lk_select_key(const lk_row *row, lk_key cut, uint32_t k, lk_work *w);

#endif
