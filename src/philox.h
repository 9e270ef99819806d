/* Philox4x32-10, a random number generator that is a function of a counter.   SPDX-License-Identifier: MIT */
#ifndef LK_PHILOX_H
#define LK_PHILOX_H

#include "base.h"

/* The words r0..r3 (logitkit.h, lk_uniform) of four blocks, a lane each, from `block` on. */
void lk_philox(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t block, v128_t r[4]);

#endif
