/* The bounds that logitkit.h states for lk_exp, ln and lk_weigh, measured against long double over the whole range. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "exp.h"
#include "exp64.h"
#include "log.h"

static double worst_exp(double temperature, float max)
{
  lk_exp_table table;
  lk_exp_init(&table, temperature, max);
  lk_exp_regs r = lk_exp_load(&table, lk_exp_poly);
  double worst = 0;
  /* What a weight has to be multiplied by to be e^((x - max) / T). */
  long double one = expl((table.base - max) / (long double)temperature + table.ref * logl(2)) / LK_EXP_ONE;
  for (int i = 0; i <= 200000; i++) {
    float x = (float)(max - i * (87.3 * temperature / 200000));
    float e = wasm_f32x4_extract_lane(lk_exp4(wasm_f32x4_splat(x), &r), 0);
    long double exact = expl(((long double)x - max) / temperature);
    if (exact < 0x1p-126L) break;
    double error = (double)fabsl(e * one / exact - 1);
    if (error > worst) worst = error;
  }
  return worst;
}

static double worst_log(void)
{
  double worst = 0;
  for (int i = 1; i < 3000000; i++) {
    double x = ldexp(1 + i * 0x1p-22, i % 600 - 300);
    if (i % 5 == 0) x = 1 + i * 0x1p-24;
    if (i % 7 == 0) x = 1 - i * 0x1p-24;
    long double exact = logl(x);
    double ulp = nextafter(fabs((double)exact), INFINITY) - fabs((double)exact);
    double error = (double)(fabsl(lk_log(x) - exact) / ulp);
    if (exact != 0 && error > worst) worst = error;
  }
  return worst;
}

static double worst_exp64(void)
{
  double worst = 0;
  for (int i = 0; i < 3000000; i++) {
    double x = -708 + i * (1417.0 / 3000000);
    if (i % 3 == 0) x = (i - 1500000) * 0x1p-21;
    long double exact = expl(x);
    double ulp = nextafter((double)exact, INFINITY) - (double)exact;
    double error = (double)(fabsl(lk_exp64(x) - exact) / ulp);
    if (error > worst) worst = error;
  }
  assert(lk_exp64(0) == 1 && lk_exp64(-709) == 0 && lk_exp64(-INFINITY) == 0 && lk_exp64(710) == INFINITY);
  return worst;
}

/* Sums of lk_weigh for an even and an odd number of depths, the best one in either lane. */
static double worst_weigh(void)
{
  static _Alignas(16) double depth[1002], weights[1002], sums[2];
  double worst = 0;
  for (uint32_t n = 1; n <= 1001; n += n < 10 ? 1 : 331)
    for (uint32_t best = 0; best < n; best += 1 + n / 3) {
      long double rest = 0, mean = 0;
      for (uint32_t i = 0; i < n; i++) {
        depth[i] = i == best ? 0 : i % 7 == 3 ? INFINITY : 0.01 * i + 30 * (n % 2);
        if (i == best || i % 7 == 3) continue;
        rest += expl(-depth[i]);
        mean += expl(-depth[i]) * depth[i];
      }
      double total = lk_weigh(depth, n, best, weights, sums);
      assert(weights[best] == 1);
      double errors[] = { (double)(total / (1 + rest) - 1), rest > 0 ? (double)(sums[0] / log1pl(rest) - 1) : sums[0],
                          mean > 0 ? (double)(sums[1] / (mean / (1 + rest)) - 1) : sums[1] };
      for (int i = 0; i < 3; i++)
        if (fabs(errors[i]) > worst) worst = fabs(errors[i]);
    }
  return worst;
}

int main(void)
{
  static const double temperatures[] = { 1, 0.7, 1.9, 1e-3, 1e-6, 1e3, 1e6 };
  static const double maxima[] = { 0, 3.7, 25.1, 150, -30, 255, -1e4, 1e4 };
  double worst = 0;
  for (int t = 0; t < 7; t++)
    for (int m = 0; m < 8; m++) {
      double error = worst_exp(temperatures[t], (float)(maxima[m] * (m < 6 ? temperatures[t] : 1)));
      if (error > worst) worst = error;
    }
  double ulps = worst_log();
  double powers = worst_exp64(), sums = worst_weigh();
  printf("lk_exp: relative error %.3g; ln: %.2f ulp; exp64: %.2f ulp; lk_weigh: relative error %.3g\n", worst, ulps, powers,
         sums);
  assert(powers < 2 && sums < 1e-13);
  assert(worst < 3e-7);
  assert(ulps < 2);
  assert(lk_log(0) == -INFINITY && lk_log(INFINITY) == INFINITY && lk_log(1) == 0);
  assert(fabs(lk_log1p(1e-18) - 1e-18) < 1e-33 && fabs(lk_log1p(1) - log(2)) < 3e-16);
  return 0;
}
