/* Stands in for clang's header of this name where the target has no vectors: what src/ uses of it, on the vector types
 * that gcc and clang have for every target. The compiler takes them apart into lanes, so each function means what it
 * means in WebAssembly, lane by lane.   SPDX-License-Identifier: MIT
 *
 * Memory is read and written by the element that the pointer is to, which has to be aligned: JavaScript's arrays know no
 * address in between. Words where that is unknown.
 */
#ifndef LK_PLAIN_WASM_SIMD128_H
#define LK_PLAIN_WASM_SIMD128_H

#include <stdbool.h>
#include <stdint.h>

#define LK_LANES __attribute__((vector_size(16)))
typedef int32_t v128_t LK_LANES;
typedef uint32_t lk_u32x4 LK_LANES;
typedef int16_t lk_i16x8 LK_LANES;
typedef uint16_t lk_u16x8 LK_LANES;
typedef uint64_t lk_u64x2 LK_LANES;
typedef float lk_f32x4 LK_LANES;
typedef double lk_f64x2 LK_LANES;
typedef int32_t lk_words __attribute__((vector_size(16), aligned(4)));
typedef double lk_doubles __attribute__((vector_size(16), aligned(8)));

#define LK_LANED static inline __attribute__((always_inline)) v128_t

/* ---- memory and lanes */

LK_LANED lk_load_words(const void *p) { return *(const lk_words *)p; }
LK_LANED lk_load_doubles(const void *p) { return (v128_t)*(const lk_doubles *)p; }
static inline void lk_store_words(void *p, v128_t v) { *(lk_words *)p = v; }
static inline void lk_store_doubles(void *p, v128_t v) { *(lk_doubles *)p = (lk_doubles)v; }
#define wasm_v128_load(p) \
  _Generic((p), double *: lk_load_doubles, const double *: lk_load_doubles, default: lk_load_words)(p)
#define wasm_v128_store(p, v) _Generic((p), double *: lk_store_doubles, default: lk_store_words)(p, v)

LK_LANED wasm_i16x8_splat(int16_t x) { return (v128_t)(lk_i16x8){ x, x, x, x, x, x, x, x }; }
LK_LANED wasm_i32x4_splat(int32_t x) { return (v128_t){ x, x, x, x }; }
LK_LANED wasm_i64x2_splat(int64_t x) { return (v128_t)(lk_u64x2){ (uint64_t)x, (uint64_t)x }; }
LK_LANED wasm_f32x4_splat(float x) { return (v128_t)(lk_f32x4){ x, x, x, x }; }
LK_LANED wasm_f64x2_splat(double x) { return (v128_t)(lk_f64x2){ x, x }; }
LK_LANED wasm_v128_load32_splat(const void *p) { return wasm_f32x4_splat(*(const float *)p); }
LK_LANED wasm_v128_load64_splat(const void *p) { return wasm_f64x2_splat(*(const double *)p); }
LK_LANED wasm_v128_load64_zero(const void *p) { return (v128_t){ ((const int32_t *)p)[0], ((const int32_t *)p)[1], 0, 0 }; }
LK_LANED wasm_i32x4_make(int32_t a, int32_t b, int32_t c, int32_t d) { return (v128_t){ a, b, c, d }; }
#define wasm_i32x4_const wasm_i32x4_make

#define wasm_f32x4_extract_lane(v, i) (((lk_f32x4)(v))[i])
#define wasm_f64x2_extract_lane(v, i) (((lk_f64x2)(v))[i])
#define wasm_i32x4_extract_lane(v, i) ((v)[i])
LK_LANED lk_replace_f64(v128_t v, int i, double x)
{
  lk_f64x2 a = (lk_f64x2)v;
  a[i] = x;
  return (v128_t)a;
}
#define wasm_f64x2_replace_lane(v, i, x) lk_replace_f64(v, i, x)

#define wasm_i16x8_shuffle(a, b, ...) ((v128_t)__builtin_shufflevector((lk_i16x8)(a), (lk_i16x8)(b), __VA_ARGS__))
#define wasm_i32x4_shuffle(a, b, i, j, k, l) ((v128_t)__builtin_shufflevector(a, b, i, j, k, l))
#define wasm_i64x2_shuffle(a, b, i, j) wasm_i32x4_shuffle(a, b, 2 * (i), 2 * (i) + 1, 2 * (j), 2 * (j) + 1)

/* ---- a op b: numbers, masks, and comparisons, which give all ones or 0 */

#define LK_BINARY(name, type, op) \
  LK_LANED wasm_##name(v128_t a, v128_t b) { return (v128_t)((type)a op (type)b); }
#define LK_COMPARED(kind, type)   \
  LK_BINARY(kind##_eq, type, ==)  \
  LK_BINARY(kind##_ne, type, !=)  \
  LK_BINARY(kind##_lt, type, <)   \
  LK_BINARY(kind##_le, type, <=)  \
  LK_BINARY(kind##_gt, type, >)   \
  LK_BINARY(kind##_ge, type, >=)
#define LK_ARITHMETIC(kind, type) \
  LK_BINARY(kind##_add, type, +)  \
  LK_BINARY(kind##_sub, type, -)  \
  LK_BINARY(kind##_mul, type, *)

LK_ARITHMETIC(f32x4, lk_f32x4)
LK_ARITHMETIC(f64x2, lk_f64x2)
LK_ARITHMETIC(i32x4, lk_u32x4)
LK_ARITHMETIC(i64x2, lk_u64x2)
LK_BINARY(f32x4_div, lk_f32x4, /)
LK_BINARY(f64x2_div, lk_f64x2, /)
LK_COMPARED(f32x4, lk_f32x4)
LK_COMPARED(f64x2, lk_f64x2)
LK_COMPARED(i32x4, v128_t)
LK_COMPARED(u32x4, lk_u32x4)
LK_COMPARED(i16x8, lk_i16x8)
LK_COMPARED(u16x8, lk_u16x8)
LK_BINARY(v128_and, v128_t, &)
LK_BINARY(v128_or, v128_t, |)
LK_BINARY(v128_xor, v128_t, ^)
LK_LANED wasm_v128_not(v128_t a) { return ~a; }
LK_LANED wasm_v128_andnot(v128_t a, v128_t b) { return a & ~b; }
LK_LANED wasm_v128_bitselect(v128_t a, v128_t b, v128_t mask) { return (a & mask) | (b & ~mask); }

static inline bool wasm_v128_any_true(v128_t a) { return (a[0] | a[1] | a[2] | a[3]) != 0; }
static inline uint32_t wasm_i32x4_bitmask(v128_t v)
{
  lk_u32x4 a = (lk_u32x4)v >> 31;
  return a[0] | a[1] << 1 | a[2] << 2 | a[3] << 3;
}

/* ---- the second where it is before the first, else the first: what pmin, pmax and the integers' min and max are */

#define LK_PICK(i, op) b[i] op a[i] ? b[i] : a[i]
#define LK_PICK4(i, op) LK_PICK(i, op), LK_PICK(i + 1, op), LK_PICK(i + 2, op), LK_PICK(i + 3, op)
#define LK_EXTREME(name, type, ...)               \
  LK_LANED wasm_##name(v128_t va, v128_t vb)      \
  {                                               \
    type a = (type)va, b = (type)vb;              \
    return (v128_t)(type){ __VA_ARGS__ };         \
  }
LK_EXTREME(f32x4_pmax, lk_f32x4, LK_PICK4(0, >))
LK_EXTREME(f32x4_pmin, lk_f32x4, LK_PICK4(0, <))
LK_EXTREME(f64x2_pmax, lk_f64x2, LK_PICK(0, >), LK_PICK(1, >))
LK_EXTREME(f64x2_pmin, lk_f64x2, LK_PICK(0, <), LK_PICK(1, <))
LK_EXTREME(i32x4_max, v128_t, LK_PICK4(0, >))
LK_EXTREME(i32x4_min, v128_t, LK_PICK4(0, <))
LK_EXTREME(u32x4_max, lk_u32x4, LK_PICK4(0, >))
LK_EXTREME(u32x4_min, lk_u32x4, LK_PICK4(0, <))
LK_EXTREME(i16x8_max, lk_i16x8, LK_PICK4(0, >), LK_PICK4(4, >))
LK_EXTREME(i16x8_min, lk_i16x8, LK_PICK4(0, <), LK_PICK4(4, <))
LK_EXTREME(u16x8_max, lk_u16x8, LK_PICK4(0, >), LK_PICK4(4, >))

/* ---- one vector */

LK_LANED wasm_f32x4_abs(v128_t a) { return a & 0x7fffffff; }
LK_LANED wasm_f32x4_neg(v128_t a) { return a ^ (int32_t)0x80000000; }
LK_LANED wasm_f64x2_neg(v128_t a) { return (v128_t)(-(lk_f64x2)a); }
LK_LANED wasm_f64x2_abs(v128_t v)
{
  lk_f64x2 a = (lk_f64x2)v;
  return (v128_t)(lk_f64x2){ __builtin_fabs(a[0]), __builtin_fabs(a[1]) };
}
LK_LANED wasm_i16x8_shr(v128_t a, uint32_t by) { return (v128_t)((lk_i16x8)a >> (int16_t)(by & 15)); }
LK_LANED wasm_i32x4_shl(v128_t a, uint32_t by) { return (v128_t)((lk_u32x4)a << (by & 31)); }
LK_LANED wasm_i32x4_shr(v128_t a, uint32_t by) { return a >> (int32_t)(by & 31); }
LK_LANED wasm_u32x4_shr(v128_t a, uint32_t by) { return (v128_t)((lk_u32x4)a >> (by & 31)); }
LK_LANED wasm_i64x2_shl(v128_t a, uint32_t by) { return (v128_t)((lk_u64x2)a << (uint64_t)(by & 63)); }
LK_LANED wasm_u64x2_shr(v128_t a, uint32_t by) { return (v128_t)((lk_u64x2)a >> (uint64_t)(by & 63)); }

LK_LANED wasm_f64x2_promote_low_f32x4(v128_t v)
{
  lk_f32x4 a = (lk_f32x4)v;
  return (v128_t)(lk_f64x2){ a[0], a[1] };
}
LK_LANED wasm_f32x4_demote_f64x2_zero(v128_t v)
{
  lk_f64x2 a = (lk_f64x2)v;
  return (v128_t)(lk_f32x4){ (float)a[0], (float)a[1], 0, 0 };
}
/* The upper word of a product, from halves: JavaScript multiplies 32 bits. */
static inline uint32_t lk_high_word(uint32_t a, uint32_t b)
{
  uint32_t low = (a & 0xffff) * (b & 0xffff), middle = (a >> 16) * (b & 0xffff) + (low >> 16);
  uint32_t other = (a & 0xffff) * (b >> 16) + (middle & 0xffff);
  return (a >> 16) * (b >> 16) + (middle >> 16) + (other >> 16);
}
LK_LANED lk_products(uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
  return (v128_t)(lk_u32x4){ a * b, lk_high_word(a, b), c * d, lk_high_word(c, d) };
}
LK_LANED wasm_u64x2_extmul_low_u32x4(v128_t va, v128_t vb)
{
  lk_u32x4 a = (lk_u32x4)va, b = (lk_u32x4)vb;
  return lk_products(a[0], b[0], a[1], b[1]);
}
LK_LANED wasm_u64x2_extmul_high_u32x4(v128_t va, v128_t vb)
{
  lk_u32x4 a = (lk_u32x4)va, b = (lk_u32x4)vb;
  return lk_products(a[2], b[2], a[3], b[3]);
}

LK_LANED wasm_u32x4_extend_low_u16x8(v128_t v)
{
  lk_u16x8 a = (lk_u16x8)v;
  return (v128_t)(lk_u32x4){ a[0], a[1], a[2], a[3] };
}
LK_LANED wasm_u32x4_extend_high_u16x8(v128_t v)
{
  lk_u16x8 a = (lk_u16x8)v;
  return (v128_t)(lk_u32x4){ a[4], a[5], a[6], a[7] };
}

#endif
