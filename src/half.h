/* float16 and bfloat16 to float32, four at a time.   SPDX-License-Identifier: MIT */
#ifndef LK_HALF_H
#define LK_HALF_H

#include "base.h"

/* float16: shifted into float32's fields the value is 2^-112 of what it should be, subnormals included; one exact
 * multiplication mends that. An exponent of all ones (infinity, NaN) has to be put back to all ones. */
LK_INLINE v128_t lk_widen_f16(v128_t h)
{
  v128_t sign = wasm_i32x4_shl(wasm_v128_and(h, wasm_i32x4_splat(0x8000)), 16);
  v128_t magnitude = wasm_v128_and(h, wasm_i32x4_splat(0x7fff));
  v128_t special = wasm_i32x4_gt(magnitude, wasm_i32x4_splat(0x7bff));
  v128_t value = wasm_f32x4_mul(wasm_i32x4_shl(magnitude, 13), wasm_f32x4_splat(0x1p112f));
  /* Infinity and NaN: exponent 255, the mantissa kept, the quiet bit set for NaN. */
  v128_t nan = wasm_i32x4_gt(magnitude, wasm_i32x4_splat(0x7c00));
  v128_t ones = wasm_v128_or(wasm_i32x4_shl(magnitude, 13), wasm_i32x4_splat(0x7f800000));
  ones = wasm_v128_or(ones, wasm_v128_and(nan, wasm_i32x4_splat(0x00400000)));
  return wasm_v128_or(sign, wasm_v128_bitselect(ones, value, special));
}

LK_INLINE v128_t lk_widen_bf16(v128_t h)
{
  v128_t value = wasm_i32x4_shl(h, 16);
  v128_t nan = wasm_i32x4_gt(wasm_v128_and(h, wasm_i32x4_splat(0x7fff)), wasm_i32x4_splat(0x7f80));
  return wasm_v128_or(value, wasm_v128_and(nan, wasm_i32x4_splat(0x00400000)));
}

/* h: the 16 bits of a float in each lane of 32. */
LK_INLINE v128_t lk_widen4(v128_t h, uint32_t dtype) { return dtype == LK_F16 ? lk_widen_f16(h) : lk_widen_bf16(h); }

#endif
