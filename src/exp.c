/* SPDX-License-Identifier: MIT */
#include "exp.h"

#include "log.h"

const float lk_exp_poly[5] = { LK_EXP_ONE, 0x1.050b36p+9f, 0x1.69e02cp+7f, 0x1.4e7842p+5f, 0x1.d26abep+2f };

void lk_exp_init(lk_exp_table *t, double temperature, float max)
{
  if (temperature == (double)LK_INF) {
    /* Every argument times 0: all weights are LK_EXP_ONE 2^-ref, but for masked ones, which are below the floor. */
    *t = (lk_exp_table){ .magic = 0x1.8p23f + 127, .floor = -LK_FLT_MAX };
    return;
  }
  double ln2 = temperature * LK_LN2;
  bool far = lk_abs(max) >= 256 * temperature;
  t->base = far ? max : 0.0f;
  t->scale = (float)(LK_LOG2E / temperature);
  t->hi = lk_float(lk_bits((float)ln2) & 0xfffffc00u);
  t->lo = (float)(ln2 - t->hi);
  t->ref = (far ? 0 : (int32_t)lk_round(max * (LK_LOG2E / temperature))) - LK_EXP_HEADROOM;
  t->magic = 0x1.8p23f + (float)(127 - t->ref);
  t->floor = (float)((t->ref - 125) * ln2);
}

double lk_exp_ln(const lk_exp_table *t, double temperature, double sum)
{
  return t->base / temperature + (t->ref * LK_LN2 + lk_log(sum / LK_EXP_ONE));
}

void lk_exp_some(const lk_exp_table *t, const float *x, uint32_t count, float *out)
{
  lk_exp_regs r = lk_exp_load(t, lk_exp_poly);
  for (uint32_t i = 0; i < count; i += 4) wasm_v128_store(out + i, lk_exp4(wasm_v128_load(x + i), &r));
}

float lk_exp_of(const lk_exp_table *t, float x)
{
  float four[4] = { x, x, x, x };
  lk_exp_some(t, four, 4, four);
  return four[0];
}
