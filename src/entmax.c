/* SPDX-License-Identifier: MIT
 *
 * alpha-entmax (Peters, Niculae, Martins 2019; alpha = 2 is the sparsemax of Martins and Astudillo 2016) without a sort.
 * The unknown is g, the largest probability: all others follow from it, and it keeps its digits for every alpha, near 1
 * (where the sum is linear in g, as softmax has it) as well as far above it (where g^a underflows).
 *
 * What the probabilities sum to rises with g. For alpha <= 2 it is convex, and Newton's method comes down from g = 1
 * without ever passing the solution. For alpha > 2 it has a vertical tangent wherever a token enters, so that steps of
 * Newton and bisection take turns; where even two neighbouring doubles lie on both sides of 1, the solution lies
 * between what they give.
 */
#include "entmax.h"

#include "exp64.h"
#include "log.h"
#include "rewrite.h"

static lk_entmax_guess guess(const lk_entmax_solution *s, double g)
{
  lk_entmax_guess at = { g, g, 0, 0 };
  if (s->a == 0.5) at.height = __builtin_sqrt(g);
  else if (s->a != 1) {
    double ln = s->a * lk_log(g);
    at.height = lk_exp64(ln);
    at.less = lk_expm1(ln);
  }
  double depth = at.height / s->rate;
  at.least = (float)(s->top - depth - 0x1p-20 * (lk_abs(s->top) + depth));
  return at;
}

/* For x >= at->least. */
static double probability(const lk_entmax_solution *s, const lk_entmax_guess *at, float x, double *h)
{
  if (x == s->top) return at->g;
  double z = (x - s->top) * s->rate;
  *h = at->height + z;
  if (!(*h > 0)) return 0;
  if (s->a == 1) return *h;
  if (s->a == 0.5) return *h * *h;
  return lk_exp64((s->a < 1 ? lk_log1p(at->less + z) : lk_log(*h)) / s->a);
}

/* What they sum to, and how fast that rises with g: each by (p / g)^(1-a). */
static double sum(const lk_entmax_solution *s, const lk_entmax_guess *at, const lk_row *row, lk_key cut, double *slope)
{
  _Alignas(16) float scratch[LK_BLOCK];
  double total = 0, h, best = 0, rest = 0;
  for (uint32_t b = 0; b < row->blocks; b++) {
    if (row->block_max[b] < cut.z || row->block_max[b] < at->least) continue;
    const float *x = lk_row_block(row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      if (x[i] < at->least || !lk_key_keeps(cut, x[i], b * LK_BLOCK + i)) continue;
      double p = probability(s, at, x[i], &h);
      total += p;
      if (x[i] == s->top) best++;
      else if (p > 0) rest += p / h;
    }
  }
  *slope = best + rest * (at->height / at->g);
  return total;
}

void lk_entmax_solve(lk_entmax_solution *s, const lk_row *row, lk_key cut, double alpha, double temperature)
{
  *s = (lk_entmax_solution){ .a = alpha - 1, .top = row->max };
  s->rate = s->a / temperature;
  double slope, next = 1, below = -1, above = 0;
  for (bool halve = false;; halve = !halve) {
    lk_entmax_guess at = guess(s, next);
    double excess = sum(s, &at, row, cut, &slope) - 1;
    next = at.g - excess / slope;
    if (s->a <= 1 ? !(next < at.g) : lk_abs(excess) < 0x1p-40) {
      s->low = at;
      s->low_share = 1 / (1 + excess);
      return;
    }
    if (s->a <= 1) continue;
    if (excess < 0) s->low = at, below = excess;
    else s->high = at, above = excess;
    if (halve || !(next > s->low.g && next < s->high.g)) next = (s->low.g + s->high.g) / 2;
    if (!(next > s->low.g && next < s->high.g)) break;
  }
  s->low_share = above / (above - below);
  s->high_share = 1 - s->low_share;
}

double lk_entmax_of(const lk_entmax_solution *s, float x)
{
  double h, p = 0;
  if (s->low_share > 0) p = s->low_share * probability(s, &s->low, x, &h);
  if (s->high_share > 0) p += s->high_share * probability(s, &s->high, x, &h);
  return p;
}

int lk_entmax(float *x, uint32_t n, double alpha, double temperature, float *out, void *work)
{
  lk_work w;
  lk_row row;
  lk_entmax_solution s;
  lk_row_begin(&row, x, n, &w, work);
  int status = lk_row_prepare(&row, &temperature, &w);
  if (status != LK_OK) return status;
  lk_entmax_solve(&s, &row, LK_KEY_ALL, alpha, temperature);
  const float *z = row.at;
  for (uint32_t i = 0; i < n; i++) out[i] = z[i] < s.low.least ? 0 : lk_probability(lk_entmax_of(&s, z[i]));
  return LK_OK;
}
