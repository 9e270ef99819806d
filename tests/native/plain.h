/* What the programs share that follow a definition of logitkit.h literally: rows, random numbers, masses. */
#ifndef PLAIN_H
#define PLAIN_H

#include <math.h>
#include <stdint.h>

#include "exp.h"
#include "log.h"
#include "row.h"

#define N_MAX 3000

static uint32_t state = 2463534242u;

static uint32_t bits(void)
{
  state ^= state << 13;
  state ^= state >> 17;
  return state ^= state << 5;
}
static double unit(void) { return bits() * 0x1p-32; }

/* A row of n logits of one of four kinds: peaked, Zipf, flat, and one with ties and 1000 between its parts. */
static void fill(float *row, uint32_t n, uint32_t kind)
{
  for (uint32_t i = 0; i < n; i++) {
    double bell = (unit() + unit() + unit() + unit() - 2) * 1.7;
    if (kind == 0) row[i] = (float)(bell * 2.5 + (bits() % 200 == 0 ? 12 : 0));
    if (kind == 1) row[i] = (float)(-1.1 * lk_log(1 + bits() % n));
    if (kind == 2) row[i] = (float)(bell * 0.3);
    if (kind == 3) row[i] = (float)(floor(bell * 4) / 2 + (bits() % 3 ? 0 : 1000));
    if (bits() % 50 == 0) row[i] = -LK_INF;
  }
  row[bits() % n] = kind == 3 ? 1001 : 2;
}

/* e^(x/T) of n logits, as the header has it, the largest being max. */
static void weigh(const float *x, uint32_t n, double temperature, float max, double *weight)
{
  lk_exp_table table;
  lk_exp_init(&table, temperature, max);
  lk_exp_regs r = lk_exp_load(&table, lk_exp_poly);
  for (uint32_t i = 0; i < n; i++) weight[i] = wasm_f32x4_extract_lane(lk_exp4(wasm_f32x4_splat(x[i]), &r), 0);
}

/* "Mass" of those that are in `of`. */
static double mass(const bool *of, const double *weight, uint32_t n)
{
  double lane[4] = { 0, 0, 0, 0 };
  for (uint32_t b = 0; b * 64 < n; b++)
    for (uint32_t j = 0; j < 4; j++) {
      float part[4];
      for (uint32_t q = 0; q < 4; q++) {
        part[q] = 0;
        for (uint32_t i = 0; i < 4; i++) {
          uint32_t id = b * 64 + i * 16 + q * 4 + j;
          float w = id < n && of[id] ? (float)weight[id] : 0;
          part[q] = i == 0 ? w : part[q] + w;
        }
      }
      lane[j] += (part[0] + part[1]) + (part[2] + part[3]);
    }
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

#endif
