/* Dynamic temperature: part of the stage temperature.   SPDX-License-Identifier: MIT */
#ifndef LK_DYNATEMP_H
#define LK_DYNATEMP_H

#include "chain.h"

/* Moves *temperature by the survivors' entropy; one survivor leaves it. LK_OK without a range. */
int lk_dynatemp(lk_chain *c, double *temperature);

#endif
