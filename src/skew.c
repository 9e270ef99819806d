/* Stage skew, of exllamav2: the cumulative distribution to a power.   SPDX-License-Identifier: MIT */
#include "cut.h"
#include "exp64.h"
#include "log.h"
#include "stats.h"

static bool active(const lk_sampler *s) { return s->skew != 0; }

/* ln (1 - x) for x in [0, 1]. Nearly every token of a row is so small that five terms say all. */
static double log_without(double x)
{
  if (x > 0x1p-10) return lk_log1p(-x);
  return -x * (1 + x * (0.5 + x * (1.0 / 3 + x * (0.25 + x * 0.2))));
}

/* ln (c^k - (c - p)^k) = k ln c + ln (1 - (1 - p/c)^k), where nothing cancels; behind = 1 - c. */
static double ln_power(double k, double behind, double share)
{
  return k * log_without(behind) + lk_log(-lk_expm1(k * log_without(share)));
}

static int apply(lk_chain *c)
{
  lk_sorted sorted;
  int status = lk_sorted_open(&sorted, c, c->row.n);
  if (status != LK_OK) return status;
  double k = lk_exp64(c->s->skew), total = 0, upto = 0, top = lk_chain_max(c);
  for (uint32_t i = 0; i < sorted.count; i++) total += sorted.e[i];
  double ln_total = lk_log(total / sorted.e[0]);
  float *spare = c->work.spare;
  if (!c->listed)
    for (uint32_t i = 0; i < LK_PADDED(c->row.n); i++) spare[i] = -LK_INF;
  for (uint32_t i = 0; i < sorted.count; i++) {
    double e = sorted.e[i], z = lk_sorted_z(&sorted, i);
    upto += e;
    /* What weighs 0 is as small as that, so c is 1 and the power is a factor k. */
    double x = e > 0 ? ln_power(k, (total - upto) / total, e / upto) : c->s->skew + (z - top) / c->temperature - ln_total;
    if (c->listed) c->work.list_z[i] = (float)x;
    else spare[lk_sorted_id(&sorted, i)] = (float)x;
  }
  c->temperature = 1;
  if (!c->listed) return lk_chain_reopen(c);
  lk_chain_resort(c);
  return LK_OK;
}

const lk_stage_def lk_stage_skew = { active, apply, 0 };
