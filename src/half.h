/* float16 and bfloat16 to float32, four at a time.   SPDX-License-Identifier: MIT */
#ifndef LK_HALF_H
#define LK_HALF_H

#include "base.h"

/* float16: moved into float32's fields the value is 2^-112 of what it should be, subnormals included; one exact product
 * mends that. An exponent of all ones has become 2^16 and more, and is put back to all ones: infinity and NaN. */
LK_INLINE v128_t lk_widen_f16(v128_t h)
{
  v128_t moved = wasm_i32x4_shr(wasm_i32x4_shl(h, 16), 3);
  v128_t z = wasm_v128_and(moved, wasm_i32x4_splat((int32_t)0x8fffe000));
  z = wasm_f32x4_mul(z, wasm_f32x4_splat(0x1p112f));
  v128_t special = wasm_f32x4_ge(wasm_f32x4_abs(z), wasm_f32x4_splat(0x1p16f));
  return wasm_v128_or(z, wasm_v128_and(special, wasm_i32x4_splat(0x7f800000)));
}

/* h: 16 bits of a float in the low half of each lane. */
LK_INLINE v128_t lk_widen4(v128_t h, uint32_t dtype) { return dtype == LK_F16 ? lk_widen_f16(h) : wasm_i32x4_shl(h, 16); }

#endif
