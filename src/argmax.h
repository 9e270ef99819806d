/* SPDX-License-Identifier: MIT */
#ifndef LK_ARGMAX_H
#define LK_ARGMAX_H

#include "row.h"

/* The lowest id whose logit is the maximum of a scanned row that is not masked throughout. */
uint32_t lk_row_argmax(const lk_row *row);

#endif
