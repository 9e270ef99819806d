/* SPDX-License-Identifier: MIT */
#include "dynatemp.h"

#include "cut.h"
#include "exp64.h"
#include "log.h"
#include "power.h"
#include "rewrite.h"
#include "stats.h"

/* llama.cpp's array still holds what was banned until something shortens it, and its n is the array's length. */
static double llama_candidates(const lk_chain *c, double survivors)
{
  const lk_sampler *s = c->s;
  if (s->typical_p < 1 || s->top_p < 1 || s->min_p > 0) return survivors;
  return (s->top_k > 0 && s->top_k < s->n ? s->top_k : (double)s->n) - c->removed;
}

/* No number comes of an interval that overflows, or is empty beside an infinite share: then it is the lower end. */
static double number_or(double least, double t) { return t == t ? t : least; }

/* Whatever llama.cpp's temp_ext computes is float32, and sums run from the likeliest on: the temperature differs by up to
 * 1e-6 from the exact one. */
static int llama_moved(lk_chain *c, double *temperature)
{
  const lk_sampler *s = c->s;
  lk_sorted sorted;
  int status = lk_sorted_open(&sorted, c, c->row.n);
  if (status != LK_OK) return status;
  float n = (float)llama_candidates(c, sorted.count), total = 0, entropy = 0;
  if (n <= 1) return LK_OK;
  float t = (float)*temperature, range = (float)s->dynatemp_range, least = t - range > 0 ? t - range : 0;
  float top = lk_sorted_z(&sorted, 0);
  float *e = (float *)c->work.swap;
  for (uint32_t i = 0; i < sorted.count; i++) total += e[i] = (float)lk_exp64(lk_sorted_z(&sorted, i) - top);
  for (uint32_t i = 0; i < sorted.count; i++) {
    float p = e[i] / total;
    if (p > 0) entropy -= p * (float)lk_log(p);
  }
  float share = entropy / -(float)lk_log(1 / n);
  float power = (float)lk_pow(share > 0 ? share : 0, (float)s->dynatemp_exponent);
  *temperature = number_or(least, least + (t + range - least) * power);
  return LK_OK;
}

/* For t >= 0. */
static double moved(const lk_sampler *s, const lk_stats *stats, double t)
{
  double range = s->dynatemp_range, least = t - range > 0 ? t - range : 0;
  double share = stats->entropy > 0 ? stats->entropy / lk_log(stats->count) : 0;
  return number_or(least, least + (t + range - least) * lk_pow(share < 1 ? share : 1, s->dynatemp_exponent));
}

int lk_dynatemp(lk_chain *c, double *temperature)
{
  double t = *temperature;
  if (!(c->s->dynatemp_range > 0) || lk_abs(t) == (double)LK_INF) return LK_OK;
  if (c->s->llama_temperature != 0) return llama_moved(c, temperature);
  if (lk_temperature_zero(t)) return LK_OK;
  lk_stats stats;
  int status = lk_chain_stats(c, &stats);
  if (status == LK_OK && stats.count > 1) *temperature = t < 0 ? -moved(c->s, &stats, -t) : moved(c->s, &stats, t);
  return status;
}
