/* One block without vectors: its weights in four lanes, as "Mass" in logitkit.h adds them.   SPDX-License-Identifier: MIT */
#ifndef LK_SCALAR_BLOCK_H
#define LK_SCALAR_BLOCK_H

#include "../row.h"

typedef struct {
  double lane[4];
} lk_lanes;

/* A chain of weights that are 16 apart, and of those 8 apart. */
static inline float lk_chain16(const float *e) { return ((e[0] + e[16]) + e[32]) + e[48]; }
static inline float lk_chain8(const float *e)
{
  float s = e[0];
  for (uint32_t i = 8; i < LK_BLOCK; i += 8) s += e[i];
  return s;
}

static inline void lk_lanes_add16(lk_lanes *sums, const float *e)
{
  for (uint32_t j = 0; j < 4; j++, e++)
    sums->lane[j] += (lk_chain16(e) + lk_chain16(e + 4)) + (lk_chain16(e + 8) + lk_chain16(e + 12));
}

static inline void lk_lanes_add8(lk_lanes *sums, const float *e)
{
  for (uint32_t j = 0; j < 4; j++, e++) sums->lane[j] += lk_chain8(e) + lk_chain8(e + 4);
}

static inline double lk_lanes_total(const lk_lanes *sums)
{
  return (sums->lane[0] + sums->lane[2]) + (sums->lane[1] + sums->lane[3]);
}

#endif
