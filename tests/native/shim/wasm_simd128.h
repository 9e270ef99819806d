/* Stands in for the compiler's header of this name where the target is not wasm: the same vector functions, by SIMDe.
 * SPDX-License-Identifier: MIT */
#ifndef LK_SHIM_WASM_SIMD128_H
#define LK_SHIM_WASM_SIMD128_H

#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/wasm/simd128.h>

#endif
