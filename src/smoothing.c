/* Stage smoothing: kalomaze's quadratic sampling with its cubic part, as in text-generation-webui.
 * SPDX-License-Identifier: MIT */
#include "cut.h"
#include "stats.h"

typedef struct {
  double top, temperature, square, cube;
} bend;

static bool active(const lk_sampler *s) { return s->smoothing_factor > 0; }

static float bent(const void *state, float z, uint32_t id)
{
  const bend *b = state;
  (void)id;
  double d = (z - b->top) / b->temperature;
  return lk_finite(z, b->top / b->temperature + (b->cube * d - b->square) * (d * d));
}

static int apply(lk_chain *c)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  if (c->temperature == (double)LK_INF) { /* no difference to bend: all become max / T = 0 */
    c->temperature = 1;
    return lk_chain_rewrite(c, LK_REWRITE_FLAT);
  }
  double f = c->s->smoothing_factor, curve = c->s->smoothing_curve;
  bend b = { lk_chain_max(c), c->temperature, (3 - curve) / 2 * f, (curve - 1) / 2 * f };
  c->temperature = 1;
  return lk_chain_map(c, -LK_INF, bent, &b);
}

const lk_stage_def lk_stage_smoothing = { active, apply, 0 };
