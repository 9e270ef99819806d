/* Philox4x32-10, a random number generator that is a function of a counter.   SPDX-License-Identifier: MIT */
#ifndef LK_PHILOX_H
#define LK_PHILOX_H

#include <stdint.h>

/* One block: four random words of (counter, key). */
void lk_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

#endif
