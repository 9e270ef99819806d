/* The table behind lk_counts.   SPDX-License-Identifier: MIT */
#ifndef LK_COUNTS_H
#define LK_COUNTS_H

#include "base.h"

typedef struct {
  uint32_t token;
  int32_t all, output;
  float saved; /* the overlaid logit, while a call runs */
} lk_count;

struct lk_counts {
  uint32_t slots, used, cells, reserved;
  lk_count entry[]; /* slots of them; then `cells` words of hash */
};

static inline uint32_t *lk_counts_cells(lk_counts *counts) { return (uint32_t *)(counts->entry + counts->slots); }

/* The entry of a token, or null. */
const lk_count *lk_counts_find(const lk_counts *counts, uint32_t token);

#endif
