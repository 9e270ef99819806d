/* SPDX-License-Identifier: MIT */
#include "cut.h"

#include "exp64.h"
#include "select.h"
#include "stats.h"

int lk_chain_cut(lk_chain *c, double depth) { return lk_chain_cut_but(c, depth, lk_min_keep(c->s)); }

int lk_chain_cut_but(lk_chain *c, double depth, uint32_t keep)
{
  int status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  float max = lk_chain_max(c);
  double least = max == LK_INF || !(depth > 0) ? max : max - depth;
  if (c->listed) {
    uint32_t i = lk_min_u32(keep, c->count);
    while (i < c->count && c->work.list_z[i] >= least) i++;
    c->count = i;
    return LK_OK;
  }
  float z = lk_float_up(least);
  if (z == -LK_INF) return LK_OK;
  lk_key key = { z, INT32_MAX };
  if (keep > 1) {
    lk_key last = lk_select_key(&c->row, c->cut, keep, &c->work);
    if (lk_key_keeps(last, key.z, (uint32_t)key.id)) key = last;
  }
  c->cut = lk_key_first(c->cut, key);
  return LK_OK;
}

int lk_chain_cut_ratio(lk_chain *c, double ln_ratio)
{
  /* All are equally likely, whatever the ratio. */
  if (c->temperature == (double)LK_INF) return lk_chain_scan(c);
  return lk_chain_cut(c, -c->temperature * ln_ratio);
}

int lk_sorted_open(lk_sorted *sorted, lk_chain *c, uint32_t k)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_weigh(c);
  if (status != LK_OK) return status;
  lk_work *w = &c->work;
  sorted->c = c;
  sorted->e = w->list_e;
  sorted->count = lk_min_u32(k, c->count);
  if (c->listed) return LK_OK;
  sorted->count = lk_select_pairs(&c->row, c->cut, lk_min_u32(k, c->row.n), w);
  float *e = (float *)w->swap;
  uint32_t padded = (sorted->count + 3) & ~3u;
  for (uint32_t i = 0; i < padded; i++) e[i] = i < sorted->count ? lk_pair_z(w, i) : -LK_INF;
  lk_exp_some(&c->exp, e, padded, e);
  sorted->e = e;
  return LK_OK;
}

float lk_sorted_z(const lk_sorted *sorted, uint32_t i)
{
  const lk_work *w = &sorted->c->work;
  return sorted->c->listed ? w->list_z[i] : lk_pair_z(w, i);
}

uint32_t lk_sorted_id(const lk_sorted *sorted, uint32_t i)
{
  const lk_work *w = &sorted->c->work;
  return sorted->c->listed ? w->list_id[i] : lk_pair_id(w, i);
}

double *lk_sorted_exact(lk_sorted *sorted)
{
  lk_chain *c = sorted->c;
  /* Of the two that a sort needs one is free, and with a list both are. */
  double *e = (double *)c->work.swap, top = lk_sorted_z(sorted, 0);
  for (uint32_t i = 0; i < sorted->count; i++) e[i] = lk_exp64((lk_sorted_z(sorted, i) - top) / c->temperature);
  return e;
}

int lk_sorted_cut(const lk_sorted *sorted, uint32_t kept)
{
  lk_chain *c = sorted->c;
  uint32_t keep = lk_min_keep(c->s);
  if (c->listed) {
    c->count = lk_min_u32(c->count, kept > keep ? kept : keep);
  } else if (keep <= kept || keep <= sorted->count) {
    uint32_t last = (kept > keep ? kept : keep) - 1;
    c->cut = lk_key_first(c->cut, (lk_key){ lk_sorted_z(sorted, last), (int32_t)lk_sorted_id(sorted, last) });
  } else {
    c->cut = lk_key_first(c->cut, lk_chain_keep(c));
  }
  return LK_OK;
}

int lk_chain_map(lk_chain *c, float least, lk_map map, const void *state)
{
  int status = lk_chain_settle(c);
  if (status == LK_OK) status = lk_chain_scan(c);
  if (status != LK_OK) return status;
  lk_work *w = &c->work;
  if (c->listed) {
    for (uint32_t i = 0; i < c->count; i++)
      w->list_z[i] = w->list_z[i] < least ? -LK_INF : map(state, w->list_z[i], w->list_id[i]);
    lk_chain_resort(c);
    return c->count > 0 ? LK_OK : LK_MASKED;
  }
  _Alignas(16) float scratch[LK_BLOCK];
  for (uint32_t b = 0; b < c->row.blocks; b++) {
    float *out = w->spare + (size_t)b * LK_BLOCK;
    if (c->row.block_max[b] < c->cut.z || c->row.block_max[b] < least) {
      for (uint32_t i = 0; i < LK_BLOCK; i++) out[i] = -LK_INF;
      continue;
    }
    const float *x = lk_row_block(&c->row, b, scratch);
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      uint32_t id = b * LK_BLOCK + i;
      bool survives = x[i] > -LK_INF && x[i] >= least && lk_key_keeps(c->cut, x[i], id);
      out[i] = survives ? map(state, x[i], id) : -LK_INF;
    }
  }
  return lk_chain_reopen(c);
}

int lk_chain_reopen(lk_chain *c)
{
  lk_row_open(&c->row, c->work.spare, c->row.n, LK_F32, &c->work);
  c->cut = LK_KEY_ALL;
  c->scanned = c->weighted = false;
  return lk_chain_scan(c);
}
