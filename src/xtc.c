/* Stage xtc: exclude top choices.   SPDX-License-Identifier: MIT
 * p-e-w 2024, text-generation-webui pull request 6335; llama.cpp's rules. */
#include "cut.h"
#include "log.h"
#include "select.h"
#include "stats.h"

/* No two tokens have more than half of the mass each. */
static bool active(const lk_sampler *s) { return s->xtc_probability > 0 && s->xtc_threshold <= 0.5; }

static bool fires(const lk_chain *c)
{
  if (c->xtc != LK_XTC_BY_CHANCE) return c->xtc == LK_XTC_FIRES;
  const lk_sampler *s = c->s;
  return lk_uniform(s->seed, s->position, LK_PURPOSE_XTC, (uint32_t)s->stream, 0) < s->xtc_probability;
}

/* MLX's rule: p > threshold, and what equals the last of them stays with it. */
static bool strict(const lk_chain *c) { return (c->s->rules & LK_RULE_XTC_ABOVE) != 0; }

/* The place of the last survivor from `least` on, and how many there are up to it. */
static lk_key last_of_row(const lk_chain *c, float least, uint32_t *count)
{
  _Alignas(16) float scratch[LK_BLOCK];
  lk_key last = { LK_INF, -1 };
  *count = 0;
  for (uint32_t b = 0; b < c->row.blocks; b++) {
    if (!(c->row.block_max[b] >= least)) continue;
    const float *x = lk_row_block(&c->row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      uint32_t id = b * LK_BLOCK + i;
      if (!(x[i] >= least) || x[i] == -LK_INF || !lk_key_keeps(c->cut, x[i], id)) continue;
      ++*count;
      if (x[i] <= last.z) last = (lk_key){ x[i], (int32_t)id }; /* ids ascend: of equals the later one */
    }
  }
  return last;
}

static lk_key last_of(const lk_chain *c, float least, uint32_t *count)
{
  if (!c->listed) return last_of_row(c, least, count);
  uint32_t i = 0;
  while (i < c->count && c->work.list_z[i] >= least) i++;
  *count = i;
  return i == 0 ? LK_KEY_ALL : (lk_key){ c->work.list_z[i - 1], (int32_t)c->work.list_id[i - 1] };
}

/* Infinite logits share all mass; the others have none, but stay. NaN where no probability is enough. */
static float least_of_infinite(const lk_chain *c)
{
  double threshold = c->s->xtc_threshold;
  uint32_t count;
  last_of(c, LK_INF, &count);
  if (threshold == 0 && !strict(c)) return -LK_INF;
  return 1.0 / count > threshold || (1.0 / count == threshold && !strict(c)) ? LK_INF : __builtin_nanf("");
}

/* The least logit whose probability is enough. */
static int least_logit(lk_chain *c, float *least)
{
  int status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  bool infinite = lk_chain_max(c) == LK_INF, flat = c->temperature == (double)LK_INF;
  if (infinite && !flat) {
    *least = least_of_infinite(c);
    return LK_OK;
  }
  /* Weighing may write the logits anew, which stages behind could tell. */
  if (infinite || !lk_temperature_ordinary(c->temperature)) c->differs = true;
  status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  double level = lk_chain_level(c, lk_chain_mass(c), lk_log(c->s->xtc_threshold));
  *least = lk_float_up(level);
  if (strict(c) && *least == level && level > -(double)LK_INF) *least = lk_above(*least);
  return LK_OK;
}

/* Are there so many survivors? */
static bool at_least(lk_chain *c, uint32_t count)
{
  if (c->listed) return c->count >= count;
  return lk_select_key(&c->row, c->cut, count, &c->work).z > -LK_INF;
}

/* Those before `first` leave. */
static int drop(lk_chain *c, lk_key first)
{
  lk_key before = { first.z, first.id - 1 };
  lk_work *w = &c->work;
  if (!c->listed) {
    lk_row_window(&c->row, before, c->cut, w);
    return lk_chain_reopen(c);
  }
  uint32_t from = 0, count = 0;
  while (lk_key_keeps(before, w->list_z[from], w->list_id[from])) from++;
  for (; from < c->count; from++, count++) {
    w->list_z[count] = w->list_z[from];
    w->list_id[count] = w->list_id[from];
  }
  c->count = count;
  c->weighted = false;
  return LK_OK;
}

static int apply(lk_chain *c)
{
  float least;
  /* Whether it fires or not: how the token is drawn must not depend on it. */
  int status = lk_chain_settle(c);
  if (status != LK_OK || !fires(c)) return status;
  status = least_logit(c, &least);
  if (status != LK_OK) return status;
  uint32_t count, keep = lk_min_keep(c->s);
  lk_key last = last_of(c, least, &count);
  if (count < 2 || (keep > 1 && !at_least(c, count - 1 + keep))) return LK_OK;
  if (strict(c)) last.id = 0; /* before all that equal it */
  c->removed = count - 1;
  c->differs = true;
  return drop(c, last);
}

const lk_stage_def lk_stage_xtc = { active, apply, 0 };
