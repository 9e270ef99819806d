/* Stage mirostat.   SPDX-License-Identifier: MIT
 * Basu, Ramachandran, Keskar, Varshney 2021: Mirostat, a neural text decoding algorithm that directly controls
 * perplexity; version 2 and the constants are llama.cpp's. Surprise and mu are in bits. */
#include "cut.h"
#include "log.h"
#include "exp64.h"
#include "select.h"

#define M 100 /* survivors that version 1 fits Zipf's law to */

static bool active(const lk_sampler *s) { return s->mirostat > 0; }

static double finite(double x) { return x > LK_DBL_MAX ? LK_DBL_MAX : x < -LK_DBL_MAX ? -LK_DBL_MAX : x; }

static double mu_of(const lk_sampler *s)
{
  return s->mirostat_mu == s->mirostat_mu ? s->mirostat_mu : finite(2 * s->mirostat_tau); /* NaN is no state */
}

static void learn(lk_chain *c)
{
  lk_sampler *s = c->s;
  double surprise = -lk_log(lk_chain_drawn(c)) * LK_LOG2E;
  s->mirostat_next = finite(mu_of(s) - finite(s->mirostat_eta * (surprise - s->mirostat_tau)));
}

/* The first `count` survivors, at least one, whatever min_keep says. */
static void keep_first(lk_chain *c, uint32_t count)
{
  if (c->listed) c->count = lk_min_u32(c->count, count);
  else c->cut = lk_key_first(c->cut, lk_select_key(&c->row, c->cut, count, &c->work));
}

/* Those whose surprise is at most mu. */
static void keep_expected(lk_chain *c, double mu)
{
  double level = lk_chain_level(c, lk_chain_mass(c), finite(-mu * LK_LN2));
  float max = c->listed ? c->work.list_z[0] : c->row.max;
  if (!(max >= level)) {
    keep_first(c, 1);
  } else if (c->listed) {
    while (c->work.list_z[c->count - 1] < level) c->count--;
  } else {
    c->cut = lk_key_first(c->cut, (lk_key){ lk_float_up(level), INT32_MAX });
  }
}

/* The exponent s of Zipf's law, p of rank i ~ i^-s: least squares over the ratios of neighbours. */
static double exponent(const lk_chain *c, const lk_sorted *sorted)
{
  double products = 0, squares = 0;
  for (uint32_t i = 0; i + 1 < sorted->count; i++) {
    double t = lk_log((i + 2.0) / (i + 1.0));
    double b = ((double)lk_sorted_z(sorted, i) - lk_sorted_z(sorted, i + 1)) / c->temperature;
    products += t * b;
    squares += t * t;
  }
  return products / squares;
}

/* ln of e / (1 - n^-e), which is 1 / ln n at e = 0; e >= -1. */
static double ln_share(double e, double ln_n)
{
  double y = e * ln_n;
  if (y == 0) return -lk_log(ln_n);
  return lk_log(-e / lk_expm1(-y));
}

static int keep_fitted(lk_chain *c, double mu)
{
  lk_sorted sorted;
  int status = lk_sorted_open(&sorted, c, M);
  if (status != LK_OK || sorted.count < 2) return status;
  double s = exponent(c, &sorted);
  double ln_k = (ln_share(s - 1, lk_log(c->row.n)) + mu * LK_LN2) / s;
  double k = lk_exp64(ln_k);
  if (k < c->row.n) keep_first(c, k > 1 ? (uint32_t)k : 1);
  return LK_OK;
}

static int apply(lk_chain *c)
{
  double mu = mu_of(c->s);
  int status = lk_chain_weigh(c);
  if (status == LK_OK) status = lk_chain_settle(c);
  if (status != LK_OK) return status;
  c->learn = learn;
  if (c->s->mirostat == 1) return keep_fitted(c, mu);
  keep_expected(c, mu);
  return LK_OK;
}

const lk_stage_def lk_stage_mirostat = { active, apply, 0 };
