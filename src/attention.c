/* lk_attention.   SPDX-License-Identifier: MIT
 *
 * The softmax of what was seen so far: its largest score, its sum and the weighted values, which all shrink when a larger
 * score comes (Milakov and Gimelshein 2018). Scores and weights are float64: rounded to float32, a score of 40 would take
 * the sixth digit of its weight along.
 */
#include "exp.h"
#include "exp64.h"

#define HIGH(v) wasm_i32x4_shuffle(v, v, 2, 3, 2, 3)

LK_INLINE v128_t product(v128_t a, v128_t b)
{
  return wasm_f64x2_mul(wasm_f64x2_promote_low_f32x4(a), wasm_f64x2_promote_low_f32x4(b));
}

static double dot(const float *a, const float *b, uint32_t d)
{
  v128_t low = wasm_f64x2_splat(0), high = low;
  uint32_t i = 0;
  for (; i + 4 <= d; i += 4) {
    v128_t x = wasm_v128_load(a + i), y = wasm_v128_load(b + i);
    low = wasm_f64x2_add(low, product(x, y));
    high = wasm_f64x2_add(high, product(HIGH(x), HIGH(y)));
  }
  double s = lk_fold_total(low, high);
  for (; i < d; i++) s += (double)a[i] * b[i];
  return s;
}

int lk_attention(const float *q, const float *k, const float *v, uint32_t m, uint32_t d, uint32_t dv, double scale,
                 const float *bias, float *out, double *work)
{
  double top = -(double)LK_INF, total = 0;
  for (uint32_t c = 0; c <= dv; c++) work[c] = 0;
  for (uint32_t j = 0; j < m; j++, k += d, v += dv) {
    double s = dot(q, k, d) * scale;
    if (bias) s += bias[j];
    if (s == -(double)LK_INF) continue;
    double less = lk_exp64(-lk_abs(s - top)), keep = s > top ? less : 1, weight = s > top ? 1 : less;
    if (s > top) top = s;
    total = total * keep + weight;
    v128_t keep2 = wasm_f64x2_splat(keep), weight2 = wasm_f64x2_splat(weight);
    for (uint32_t c = 0; c < dv; c += 2) {
      v128_t more = wasm_f64x2_mul(wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(v + c)), weight2);
      wasm_v128_store(work + c, wasm_f64x2_add(wasm_f64x2_mul(wasm_v128_load(work + c), keep2), more));
    }
  }
  if (total == 0) return LK_MASKED;
  for (uint32_t c = 0; c < dv; c++) out[c] = (float)(work[c] / total);
  return LK_OK;
}
