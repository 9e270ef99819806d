/* SPDX-License-Identifier: MIT
 *
 * Sparsemax (Martins and Astudillo 2016) and 1.5-entmax (Peters, Niculae, Martins 2019) without a sort: what the
 * probabilities sum to is a convex, falling function of the threshold t, and from the left, where the sum is at least 1,
 * Newton's method approaches the solution without ever passing it.
 */
#include "transform.h"

#include "cut.h"
#include "log.h"
#include "stats.h"

/* y = (x - max) / T, halved for entmax15; what is above t has a probability. */
typedef struct {
  double top, temperature, t;
  bool square;
} sparse;

LK_INLINE double height(const sparse *s, float z) { return (z - s->top) / s->temperature - s->t; }

/* Sums over the survivors above t: how many, of their heights, and of those squared. */
typedef struct {
  double count, first, second;
} sums;

static void add(sums *to, double h)
{
  if (!(h > 0)) return;
  to->count++;
  to->first += h;
  to->second += h * h;
}

static sums above(const lk_chain *c, const sparse *s)
{
  sums to = { 0, 0, 0 };
  for (uint32_t i = 0; c->listed && i < c->count; i++) add(&to, height(s, c->work.list_z[i]));
  _Alignas(16) float scratch[LK_BLOCK];
  for (uint32_t b = 0; !c->listed && b < c->row.blocks; b++) {
    if (c->row.block_max[b] < c->cut.z || !(height(s, c->row.block_max[b]) > 0)) continue;
    const float *x = lk_row_block(&c->row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++)
      if (lk_key_keeps(c->cut, x[i], b * LK_BLOCK + i)) add(&to, height(s, x[i]));
  }
  return to;
}

static float logarithm(const void *state, float z, uint32_t id)
{
  const sparse *s = state;
  (void)id;
  double h = height(s, z);
  return h > 0 ? (float)(lk_log(h) * (s->square ? 2 : 1)) : -LK_INF;
}

int lk_chain_transform(lk_chain *c)
{
  if (c->s->transform == LK_SOFTMAX) return LK_OK;
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  /* Equal logits are equally likely in all of them. */
  if (status != LK_OK || c->temperature == (double)LK_INF) return status;
  bool square = c->s->transform == LK_ENTMAX15;
  sparse s = { lk_chain_max(c), square ? 2 * c->temperature : c->temperature, -1, square };
  for (;;) {
    sums to = above(c, &s);
    double next = s.t + (square ? (to.second - 1) / (2 * to.first) : (to.first - 1) / to.count);
    if (!(next > s.t)) break;
    s.t = next;
  }
  c->temperature = 1;
  /* Room for rounding: logarithm() alone says who has a height. */
  double least = s.top + s.t * s.temperature - 0x1p-20 * (lk_abs(s.top) + s.temperature);
  return lk_chain_map(c, (float)least, logarithm, &s);
}
