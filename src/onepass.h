/* Sums of exponentials for mild temperatures, in a single pass over the row.   SPDX-License-Identifier: MIT
 *
 * The maximum is needed only against overflow, and float32 has room for that: a guess from a sample of the row serves as
 * reference, and the true maximum is found on the way. The reference moves exponents, never mantissas, so no result
 * depends on the guess. Which kernel a row gets depends on T and its true maximum alone.
 */
#ifndef LK_ONEPASS_H
#define LK_ONEPASS_H

#include "row.h"

typedef struct {
  double total; /* the sum of the weights, in the order of "Mass" */
  double one;   /* the weight of a logit whose x/T is ref ln 2 */
  int32_t ref;
  float max;    /* the row's */
} lk_onepass;

/* Rows whose maximum is in the interval that the kernel is accurate in. */
bool lk_mild_softmax(double temperature, float max); /* relative error of a weight below 3e-7 */
bool lk_mild_sum(double temperature, float max);     /* below 9.5e-7, which is logsumexp's absolute error */

/* A maximum of a sample of the padded row. */
float lk_guess_max(const float *x, uint32_t n);

/* Weights of the padded row into out (x itself, or no overlap; null: only their sum). False when the row is not mild or the guess was far off,
 * also for NaN, +INFINITY and a masked row: out then holds nothing of use. */
bool lk_onepass_weights(const float *x, uint32_t n, double temperature, float guess, float *out, lk_onepass *result);

/* The sum alone, from one multiplication per logit instead of a reduction in two steps. */
bool lk_onepass_sum(const float *x, uint32_t n, double temperature, float guess, lk_onepass *result);

#endif
