/* lk_mass against a plain float64 sum, and the promise of lk_mass_estimate's bounds. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "mass.h"

#define N 3000

static _Alignas(16) float row[LK_PADDED(N)];
static _Alignas(16) unsigned char work[200000];
static uint32_t state = 1;

static double uniform(void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state * 0x1p-32;
}

static int estimates;
static double mass_error, low = 1, high = 1;

static void check(double exact, double mass, double estimate, double all)
{
  if (exact > 0) mass_error = fmax(mass_error, fabs(mass / exact - 1));
  else assert(mass == 0);
  double slack = 4e-6 * all; /* what src/nucleus.c allows for float32 sums */
  assert(exact >= estimate / LK_ESTIMATE_UNDER - slack && exact <= estimate * LK_ESTIMATE_OVER + slack);
  if (exact < 0.01 * all) return;
  low = fmin(low, exact / estimate);
  high = fmax(high, exact / estimate);
}

int main(void)
{
  static const double temperatures[] = { 1, 0.7, 0.1, 30, 1e-5 };
  lk_work w;
  lk_row r;
  lk_exp_table t;
  assert(lk_work_size(N) <= sizeof work);
  lk_work_open(&w, work, N);
  for (int round = 0; round < 300; round++) {
    double temperature = temperatures[round % 5], offset = round % 3 * 1000;
    for (int i = 0; i < N; i++)
      row[i] = uniform() < 0.1 ? -LK_INF : (float)(floor((uniform() + uniform()) * 200) / 20 * temperature + offset);
    lk_row_open(&r, row, N, LK_F32, &w);
    assert(lk_scan(&r) == LK_OK);
    lk_exp_init(&t, temperature, r.max);
    uint32_t pivot = (uint32_t)(uniform() * N);
    lk_key last = { row[pivot], (int32_t)pivot - (round & 1) };
    double before = 0, rest = 0, unit = exp(lk_exp_ln(&t, temperature, 1) - r.max / temperature);
    for (int i = 0; i < N; i++) *(lk_key_keeps(last, row[i], (uint32_t)i) ? &before : &rest) += exp((row[i] - r.max) / temperature);
    double all = before + rest;
    if (last.z == -LK_INF) continue;
    lk_estimate e = { before / unit, rest / unit };
    if (t.base == 0) e = lk_mass_estimate(&r, &t, last), estimates++;
    check(before, lk_mass(&r, &t, last) * unit, e.before * unit, all);
    check(all, lk_mass(&r, &t, LK_KEY_ALL) * unit, (e.before + e.rest) * unit, all);
    check(rest, rest, e.rest * unit, all);
  }
  printf("lk_mass: relative error %.2g; true mass / estimate in [%.4f, %.4f]\n", mass_error, low, high);
  assert(mass_error < 1e-6 && estimates > 50);
  return 0;
}
