/* The nucleus of a top_p that acts on a whole row: which tokens are inside.   SPDX-License-Identifier: MIT
 *
 * The definition asks for A < p Z with A the mass before the token and Z all mass: two passes of exponentials. Nearly
 * every token is decided by less: Z lies between bounds that the draw's table gives for nothing, A needs only the blocks
 * that reach above the token, and where those are many, a linear estimate of 2^x that costs a quarter. The bounds are
 * safe, so the answer is always the definition's.
 */
#include "chain.h"
#include "mass.h"
#include "select.h"

/* Up to so many blocks the exact mass before a token costs less than the estimate of everything. */
#define FEW_BLOCKS 64

/* Sums of float32 within a block are off by less than this; so bounds are widened by it. */
#define SLACK 4e-6

typedef enum { OUTSIDE, INSIDE, UNDECIDED } verdict;

static verdict compare(const lk_nucleus *u, double before)
{
  if (before < u->p * u->least * (1 - SLACK)) return INSIDE;
  if (before >= u->p * u->most * (1 + SLACK)) return OUTSIDE;
  return UNDECIDED;
}

static bool few_before(const lk_row *row, float z)
{
  uint32_t count = 0;
  v128_t least = wasm_f32x4_splat(z);
  for (uint32_t b = 0; b < row->blocks && count <= FEW_BLOCKS; b += 4)
    count += (uint32_t)__builtin_popcount(wasm_i32x4_bitmask(wasm_f32x4_ge(wasm_v128_load(row->block_max + b), least)));
  return count <= FEW_BLOCKS;
}

/* A < p Z is (1 - p) A < p R with R = Z - A, and both are known up to the same factor. */
static verdict estimated(const lk_nucleus *u, const lk_estimate *e)
{
  double slack = SLACK * (e->before + e->rest);
  double a = (1 - u->p) * e->before, r = u->p * e->rest;
  if ((a + slack) * LK_ESTIMATE_OVER < (r - slack) / LK_ESTIMATE_UNDER) return INSIDE;
  if ((a - slack) / LK_ESTIMATE_UNDER >= (r + slack) * LK_ESTIMATE_OVER) return OUTSIDE;
  return UNDECIDED;
}

bool lk_nucleus_holds(lk_chain *c, float z, uint32_t id)
{
  lk_nucleus *u = &c->nucleus;
  lk_key before_token = { z, (int32_t)id - 1 };
  if (lk_key_keeps(u->keep, z, id)) return true;
  bool few = few_before(&c->row, z), estimate = u->total < 0 && u->cut.z == -LK_INF && u->exp.base == 0;
  double before = -1;
  if (few || !estimate) {
    before = lk_mass(&c->row, &u->exp, before_token);
    if (before == 0) return true;
    verdict v = compare(u, before);
    if (v != UNDECIDED) return v;
  }
  if (estimate) {
    lk_estimate e = lk_mass_estimate(&c->row, &u->exp, before_token);
    double least = (e.before + e.rest) / LK_ESTIMATE_UNDER, most = (e.before + e.rest) * LK_ESTIMATE_OVER;
    if (least > u->least) u->least = least;
    if (most < u->most) u->most = most;
    verdict v = before >= 0 ? compare(u, before) : estimated(u, &e);
    if (v != UNDECIDED) return v;
    if (before < 0) before = lk_mass(&c->row, &u->exp, before_token);
  }
  if (u->total < 0) u->total = lk_mass(&c->row, &u->exp, u->cut);
  return before == 0 || before < u->p * u->total;
}

bool lk_nucleus_takes(lk_chain *c, uint32_t id)
{
  float z = lk_row_at(&c->row, id);
  c->token = id;
  if (!c->nucleus.pending || lk_nucleus_holds(c, z, id)) return true;
  c->cut = (lk_key){ z, (int32_t)id - 1 };
  return false;
}

/* The running sum over the sorted survivors finds the boundary up to rounding; the definition itself then says on which
 * side the neighbours are. */
static uint32_t boundary(lk_chain *c, uint32_t count, double target)
{
  lk_work *w = &c->work;
  _Alignas(16) float e[LK_BLOCK];
  double before = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (i % LK_BLOCK == 0) {
      for (uint32_t j = 0; j < LK_BLOCK; j++) e[j] = i + j < count ? lk_pair_z(w, i + j) : -LK_INF;
      lk_exp_some(&c->nucleus.exp, e, LK_BLOCK, e);
    }
    if (before != 0 && !(before < target)) return i;
    before += e[i % LK_BLOCK];
  }
  return count;
}

int lk_chain_settle(lk_chain *c)
{
  lk_nucleus *u = &c->nucleus;
  if (!u->pending) return LK_OK;
  int status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  lk_work *w = &c->work;
  if (u->total < 0) u->total = lk_mass(&c->row, &u->exp, u->cut);
  /* Nearly always the boundary is among the first, and the others need not be sorted. */
  uint32_t kept, count, most = lk_min_u32(LK_LIST, c->row.n);
  for (;; most = c->row.n) {
    count = lk_select_pairs(&c->row, u->cut, most, w);
    kept = boundary(c, count, u->p * u->total);
    while (kept > 1 && !lk_nucleus_holds(c, lk_pair_z(w, kept - 1), lk_pair_id(w, kept - 1))) kept--;
    while (kept < count && lk_nucleus_holds(c, lk_pair_z(w, kept), lk_pair_id(w, kept))) kept++;
    if (kept < count || most == c->row.n) break;
  }
  c->cut = lk_key_first(c->cut, (lk_key){ lk_pair_z(w, kept - 1), (int32_t)lk_pair_id(w, kept - 1) });
  u->pending = false;
  return LK_OK;
}
