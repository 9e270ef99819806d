/* Stage typical.   SPDX-License-Identifier: MIT
 * Meister, Pimentel, Wiher, Cotterell 2022: Locally typical sampling.
 *
 * -ln p - H is (mean - x) / T, mean being the logits weighed by p: so neither Z nor H is needed, and what is kept is a
 * window of the sorted survivors around the mean, which grows on its nearer side.
 */
#include "cut.h"
#include "stats.h"

static bool active(const lk_sampler *s) { return s->typical_p < 1; }

/* Those at or before `last`, and not before `first`: of the tokens equal to first.z those up to first.id belong. */
typedef struct {
  lk_key first, last;
} window;

static float inside(const void *state, float z, uint32_t id)
{
  const window *w = state;
  bool begun = z < w->first.z || (z == w->first.z && (int32_t)id <= w->first.id);
  return begun && lk_key_keeps(w->last, z, id) ? z : -LK_INF;
}

/* Survivors above the mean are visited upwards, but equal ones among them by ascending id, as they stand: `from` is
 * where the run of equals begins, `next` who comes next of it, `end` is behind it; nothing is left when end is 0. */
typedef struct {
  uint32_t from, next, end;
} run;

static run run_before(const lk_sorted *sorted, uint32_t end)
{
  uint32_t from = end;
  while (from > 0 && lk_sorted_z(sorted, from - 1) == lk_sorted_z(sorted, end - 1)) from--;
  return (run){ from, from, end };
}

/* Makes the window hold whatever equals its survivor that was visited last. */
static void keep_equals(window *w, float last)
{
  if (last == w->first.z) w->first.id = INT32_MAX;
  if (last == w->last.z) w->last.id = INT32_MAX;
}

/* Visits the sorted survivors from the mean on until less than `least` of the mass stood before. False where it would
 * have to go on behind the last of them, although there are more. */
static bool visit(const lk_chain *c, const lk_stats *s, const lk_sorted *sorted, window *w)
{
  double top = lk_chain_max(c), least = c->s->typical_p * s->total, before = 0;
  /* With T infinite all are equally typical and are visited as they stand. */
  bool flat = c->temperature == (double)LK_INF;
  uint32_t down = 0, keep = lk_min_keep(c->s);
  while (!flat && down < sorted->count && top - lk_sorted_z(sorted, down) <= s->depth) down++;
  run up = run_before(sorted, down);
  float last = 0;
  for (uint32_t kept = 0; kept < s->count; kept++) {
    if (kept >= keep && kept > 0 && !(before < least)) {
      if (c->s->rules & LK_RULE_TIES) keep_equals(w, last);
      return true;
    }
    if (down == sorted->count && down < s->count) return false;
    bool above = up.end > 0 && (down == sorted->count || s->depth - (top - lk_sorted_z(sorted, up.next)) <=
                                                           (top - lk_sorted_z(sorted, down)) - s->depth);
    uint32_t i = above ? up.next : down;
    lk_key key = { lk_sorted_z(sorted, i), (int32_t)lk_sorted_id(sorted, i) };
    last = key.z;
    before += sorted->e[i];
    /* The window's first place is the highest run that was entered, its last the lowest survivor that was visited. */
    if (above || kept == 0 || key.z == w->first.z) w->first = key;
    if (!above || kept == 0 || key.z == w->last.z) w->last = key;
    if (!above) down++;
    else if (++up.next == up.end) up = run_before(sorted, up.from);
  }
  return true;
}

static int apply(lk_chain *c)
{
  lk_stats s;
  lk_sorted sorted;
  window w;
  int status = lk_chain_stats(c, &s);
  if (status == LK_OK) status = lk_sorted_open(&sorted, c, LK_SORTED_FEW);
  if (status == LK_OK && !visit(c, &s, &sorted, &w)) {
    status = lk_sorted_open(&sorted, c, c->row.n);
    if (status == LK_OK) visit(c, &s, &sorted, &w);
  }
  return status == LK_OK ? lk_chain_map(c, w.last.z, inside, &w) : status;
}

const lk_stage_def lk_stage_typical = { active, apply, 0 };
