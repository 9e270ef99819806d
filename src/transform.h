/* What the draw makes of the survivors, if not their softmax.   SPDX-License-Identifier: MIT */
#ifndef LK_TRANSFORM_H
#define LK_TRANSFORM_H

#include "chain.h"

/* Applies lk_sampler.transform: after it the softmax of the survivors under T = 1 is what it asks for. */
int lk_chain_transform(lk_chain *c);

#endif
