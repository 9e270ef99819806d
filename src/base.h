/* What every file needs: types, bits, and IEEE helpers that need no library.   SPDX-License-Identifier: MIT */
#ifndef LK_BASE_H
#define LK_BASE_H

#include <stdbool.h>
#include <wasm_simd128.h>

#include "logitkit.h"

#define LK_INLINE static inline __attribute__((always_inline))

/* Loops whose unrolling is decided here, since the core is compiled for size: four accumulators have to be four variables,
 * and a body that is long already gains nothing from being there four times. */
#ifdef __clang__
#define LK_UNROLLED _Pragma("clang loop unroll(full)")
#define LK_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define LK_UNROLLED
#define LK_ROLLED
#endif

#define LK_INF __builtin_inff()
#define LK_FLT_MAX 3.4028234663852886e38f
#define LK_FLT_MIN 1.1754943508222875e-38f /* 2^-126: the smallest normal */
#define LK_DBL_MAX 1.7976931348623157e308
#define LK_LN2 0.69314718055994530942
#define LK_LOG2E 1.4426950408889634074

static inline uint32_t lk_min_u32(uint32_t a, uint32_t b) { return a < b ? a : b; }
static inline double lk_abs(double x) { return __builtin_fabs(x); }

static inline uint32_t lk_bits(float x) {
  uint32_t u;
  __builtin_memcpy(&u, &x, 4);
  return u;
}

static inline float lk_float(uint32_t u) {
  float x;
  __builtin_memcpy(&x, &u, 4);
  return x;
}

/* A logit that is kept to be put back: as bits, since JavaScript's floats lose those of a signalling NaN. */
static inline void lk_keep(float *to, const float *from) { __builtin_memcpy(to, from, 4); }

/* The largest of four lanes. */
static inline float lk_max_lane(v128_t v)
{
  v = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  v = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(v, 0);
}

/* The smallest float above z: v > z iff v >= lk_above(z). For +INFINITY a NaN, which nothing reaches. */
static inline float lk_above(float z)
{
  if (z == 0) return lk_float(1);
  return lk_float(lk_bits(z) + (z > 0 ? 1u : 0xffffffffu));
}

/* What has become of z, as float32: overflow must not make a finite logit look like a mask. */
static inline float lk_finite(float z, double became)
{
  if (!(lk_abs(z) <= LK_FLT_MAX)) return z;
  if (became > LK_FLT_MAX) return LK_FLT_MAX;
  if (became < -LK_FLT_MAX) return -LK_FLT_MAX;
  return (float)became;
}

/* The least float32 that is not below x. */
static inline float lk_float_up(double x)
{
  float z = (float)x;
  return z < x ? lk_above(z) : z;
}

/* A probability as float32: what would be subnormal is 0. */
static inline float lk_probability(double p) { return p < LK_FLT_MIN ? 0 : (float)p; }

/* Nearest integer, ties to even, for |x| < 2^51: the addition pushes the fraction out of the mantissa. */
static inline double lk_round(double x) { return (x + 0x1.8p52) - 0x1.8p52; }

/* 2^k as a double, k in [-1022, 1023]. */
static inline double lk_pow2(int32_t k) {
  uint64_t u = (uint64_t)(k + 1023) << 52;
  double x;
  __builtin_memcpy(&x, &u, 8);
  return x;
}

#endif
