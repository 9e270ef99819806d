/*
 * The floors every figure of the benchmark is divided by: how long one read of a row takes on this
 * engine, on this machine, in this very round. They do no more than that on purpose.
 *
 *   max2, max4, max8   the maximum of n floats with 2, 4, 8 running vectors. Which one is fastest
 *                      depends on the engine and on where the row lies, so all three are timed and
 *                      the best counts.
 *   copy               n floats from one place to another, printed beside the maximum as a check that
 *                      the maximum runs at the speed of memory.
 *
 * Rows are 16-byte aligned and padded with -Infinity to a multiple of 32 floats: no tails.
 */
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static v128_t lowest(void) { return wasm_f32x4_splat(-__builtin_inff()); }

static float across(v128_t v) {
  v = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 2, 3, 0, 1));
  v = wasm_f32x4_pmax(v, wasm_i32x4_shuffle(v, v, 1, 0, 3, 2));
  return wasm_f32x4_extract_lane(v, 0);
}

EXPORT(max2) float max2(const float *x, size_t n) {
  v128_t a = lowest(), b = a;
  for (size_t i = 0; i < n; i += 8) {
    a = wasm_f32x4_pmax(a, wasm_v128_load(x + i));
    b = wasm_f32x4_pmax(b, wasm_v128_load(x + i + 4));
  }
  return across(wasm_f32x4_pmax(a, b));
}

EXPORT(max4) float max4(const float *x, size_t n) {
  v128_t a = lowest(), b = a, c = a, d = a;
  for (size_t i = 0; i < n; i += 16) {
    a = wasm_f32x4_pmax(a, wasm_v128_load(x + i));
    b = wasm_f32x4_pmax(b, wasm_v128_load(x + i + 4));
    c = wasm_f32x4_pmax(c, wasm_v128_load(x + i + 8));
    d = wasm_f32x4_pmax(d, wasm_v128_load(x + i + 12));
  }
  return across(wasm_f32x4_pmax(wasm_f32x4_pmax(a, b), wasm_f32x4_pmax(c, d)));
}

EXPORT(max8) float max8(const float *x, size_t n) {
  v128_t a = lowest(), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
  for (size_t i = 0; i < n; i += 32) {
    a = wasm_f32x4_pmax(a, wasm_v128_load(x + i));
    b = wasm_f32x4_pmax(b, wasm_v128_load(x + i + 4));
    c = wasm_f32x4_pmax(c, wasm_v128_load(x + i + 8));
    d = wasm_f32x4_pmax(d, wasm_v128_load(x + i + 12));
    e = wasm_f32x4_pmax(e, wasm_v128_load(x + i + 16));
    f = wasm_f32x4_pmax(f, wasm_v128_load(x + i + 20));
    g = wasm_f32x4_pmax(g, wasm_v128_load(x + i + 24));
    h = wasm_f32x4_pmax(h, wasm_v128_load(x + i + 28));
  }
  a = wasm_f32x4_pmax(wasm_f32x4_pmax(a, b), wasm_f32x4_pmax(c, d));
  e = wasm_f32x4_pmax(wasm_f32x4_pmax(e, f), wasm_f32x4_pmax(g, h));
  return across(wasm_f32x4_pmax(a, e));
}

EXPORT(copy) void copy(float *to, const float *from, size_t n) {
  for (size_t i = 0; i < n; i += 16) {
    v128_t a = wasm_v128_load(from + i), b = wasm_v128_load(from + i + 4);
    v128_t c = wasm_v128_load(from + i + 8), d = wasm_v128_load(from + i + 12);
    wasm_v128_store(to + i, a);
    wasm_v128_store(to + i + 4, b);
    wasm_v128_store(to + i + 8, c);
    wasm_v128_store(to + i + 12, d);
  }
}
