/* SPDX-License-Identifier: MIT */
#include "onepass.h"

#include "walk.h"

#define STRIDE 1024  /* one logit of so many makes the sample */
#define MISS_BITS 60 /* how far the maximum may lie above the guess: 2^(20 + 60 + 17 + 24) is still finite */
#define FLOOR_BITS 120

float lk_guess_max(const float *x, uint32_t n)
{
  float max = x[0];
  for (uint32_t i = 0; i < n; i += n < 16 * STRIDE ? 16 : STRIDE)
    if (x[i] > max) max = x[i];
  return max;
}

static bool within(double temperature, float max, double reach)
{
  return temperature >= 0.25 && temperature <= 4 && max > -reach * temperature && max < reach * temperature;
}

bool lk_mild_softmax(double temperature, float max) { return within(temperature, max, 256); }
bool lk_mild_sum(double temperature, float max) { return within(temperature, max, 22); }

/* `unit` is what the reduced argument is measured in, as a part of the exponent of 2. */
static void init(lk_mild *k, double temperature, float guess, double unit, lk_onepass *result)
{
  double ln2 = temperature * LK_LN2;
  int32_t ref = (int32_t)lk_round(guess / ln2) - LK_EXP_HEADROOM;
  k->scale = (float)(1 / ln2);
  k->hi = lk_float(lk_bits((float)ln2) & 0xfffffc00u);
  k->lo = (float)(ln2 - k->hi);
  k->magic = 0x1.8p23f + (float)(127 - ref);
  k->floor = (float)((ref - FLOOR_BITS) * ln2);
  float *a[5] = { &k->a0, &k->a1, &k->a2, &k->a3, &k->a4 };
  double power = unit;
  for (int i = 4; i >= 0; i--, power *= unit) *a[i] = (float)(lk_exp_poly[i] * power);
  result->one = k->a0;
  result->ref = ref;
}

static bool trusted(const lk_onepass *r, float guess, double temperature)
{
  return r->total == r->total && r->max - guess < MISS_BITS * LK_LN2 * temperature;
}

bool lk_onepass_weights(const float *x, uint32_t n, double temperature, float guess, float *out, lk_onepass *result)
{
  lk_mild k;
  if (!lk_mild_softmax(temperature, guess)) return false;
  init(&k, temperature, guess, temperature * LK_LN2, result);
  if (out) lk_walk_store(x, n, out, &k, result);
  else lk_walk_exact(x, n, &k, result);
  return trusted(result, guess, temperature) && lk_mild_softmax(temperature, result->max);
}

bool lk_onepass_sum(const float *x, uint32_t n, double temperature, float guess, lk_onepass *result)
{
  lk_mild k;
  if (!lk_mild_sum(temperature, guess)) return false;
  init(&k, temperature, guess, 1, result);
  lk_walk_sum(x, n, &k, result);
  return trusted(result, guess, temperature) && lk_mild_sum(temperature, result->max);
}
