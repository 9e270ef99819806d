/* SPDX-License-Identifier: MIT */
#include "onepass.h"

#include "exp.h"

/* src/exp.h reduces x in two steps, for any T; here T is mild, so the polynomial takes the reduced argument in units of
 * the logit (its coefficients hold the powers of log2 e / T) and one product goes; what is too small becomes the least
 * weight instead of 0, which no sum and no probability of 2^-126 notices. */
typedef struct {
  float scale, magic, hi, lo, floor, a0, a1, a2, a3, a4;
} constants;

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

#define LOAD(field) v128_t field = wasm_v128_load32_splat(&k->field)

/* The walk over a row, with the weight of four logits as its only variable. Inlined into its two users. */
#define WALK(weight, store)                                                                        \
  v128_t low = wasm_f64x2_splat(0), high = low, max = wasm_f32x4_splat(-LK_INF);                   \
  for (uint32_t end = LK_PADDED(n), at = 0; at < end; at += LK_BLOCK) {                            \
    v128_t s[4];                                                                                   \
    LK_ROLLED                                                                                      \
    for (uint32_t i = 0; i < LK_BLOCK; i += 16) {                                                  \
      LK_UNROLLED                                                                                  \
      for (uint32_t j = 0; j < 4; j++) {                                                           \
        v128_t x4 = wasm_v128_load(x + at + i + 4 * j), e;                                         \
        max = wasm_f32x4_pmax(max, x4);                                                            \
        weight;                                                                                    \
        store;                                                                                     \
        s[j] = i == 0 ? e : wasm_f32x4_add(s[j], e);                                               \
      }                                                                                            \
    }                                                                                              \
    lk_fold(s[0], s[1], s[2], s[3], &low, &high);                                                  \
  }                                                                                                \
  result->max = lk_max_lane(max);                                                               \
  result->total = lk_fold_total(low, high)

#define POLYNOMIAL(f)                                                                              \
  e = wasm_f32x4_add(f, a4);                                                                       \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a3);                                                    \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a2);                                                    \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a1);                                                    \
  e = wasm_f32x4_add(wasm_f32x4_mul(e, f), a0);                                                    \
  e = wasm_f32x4_mul(e, wasm_i32x4_shl(t, 23))

#define REDUCE_TWICE                                                                               \
  v128_t d = wasm_f32x4_pmax(x4, floor);                                                           \
  v128_t t = wasm_f32x4_add(wasm_f32x4_mul(d, scale), magic);                                      \
  v128_t whole = wasm_f32x4_sub(t, magic);                                                         \
  d = wasm_f32x4_sub(d, wasm_f32x4_mul(whole, hi));                                                \
  d = wasm_f32x4_sub(d, wasm_f32x4_mul(whole, lo));                                                \
  POLYNOMIAL(d)

#define REDUCE_ONCE                                                                                \
  v128_t y = wasm_f32x4_mul(wasm_f32x4_pmax(x4, floor), scale);                                    \
  v128_t t = wasm_f32x4_add(y, magic);                                                             \
  y = wasm_f32x4_sub(y, wasm_f32x4_sub(t, magic));                                                 \
  POLYNOMIAL(y)

static void walk_store(const float *x, uint32_t n, float *out, const constants *k, lk_onepass *result)
{
  LOAD(scale); LOAD(magic); LOAD(hi); LOAD(lo); LOAD(floor);
  LOAD(a0); LOAD(a1); LOAD(a2); LOAD(a3); LOAD(a4);
  WALK(REDUCE_TWICE, wasm_v128_store(out + at + i + 4 * j, e));
}

static void walk_exact(const float *x, uint32_t n, const constants *k, lk_onepass *result)
{
  LOAD(scale); LOAD(magic); LOAD(hi); LOAD(lo); LOAD(floor);
  LOAD(a0); LOAD(a1); LOAD(a2); LOAD(a3); LOAD(a4);
  WALK(REDUCE_TWICE, (void)0);
}

static void walk_sum(const float *x, uint32_t n, const constants *k, lk_onepass *result)
{
  LOAD(scale); LOAD(magic); LOAD(floor);
  LOAD(a0); LOAD(a1); LOAD(a2); LOAD(a3); LOAD(a4);
  WALK(REDUCE_ONCE, (void)0);
}

/* `unit` is what the reduced argument is measured in, as a part of the exponent of 2. */
static void init(constants *k, double temperature, float guess, double unit, lk_onepass *result)
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
  constants k;
  if (!lk_mild_softmax(temperature, guess)) return false;
  init(&k, temperature, guess, temperature * LK_LN2, result);
  if (out) walk_store(x, n, out, &k, result);
  else walk_exact(x, n, &k, result);
  return trusted(result, guess, temperature) && lk_mild_softmax(temperature, result->max);
}

bool lk_onepass_sum(const float *x, uint32_t n, double temperature, float guess, lk_onepass *result)
{
  constants k;
  if (!lk_mild_sum(temperature, guess)) return false;
  init(&k, temperature, guess, 1, result);
  walk_sum(x, n, &k, result);
  return trusted(result, guess, temperature) && lk_mild_sum(temperature, result->max);
}
