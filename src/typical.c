/* Stage typical.   SPDX-License-Identifier: MIT
 * Meister, Pimentel, Wiher, Cotterell 2022: Locally typical sampling.
 *
 * -ln p - H is (mean - x) / T, mean being the logits weighed by p: so neither Z nor H is needed, only |x - mean|. Nothing is
 * sorted but those tokens among which the mass is reached: a histogram over the distance tells which. A list is sorted
 * as a whole.
 */
#include "cut.h"
#include "select.h"
#include "stats.h"

static bool active(const lk_sampler *s) { return s->typical_p < 1; }

/* Buckets by the float32 distance, 64 to an octave, from 2^-14 of `unit` on; masked tokens stand in the last. */
#define SHIFT 17
#define BUCKETS 2048
#define LOWEST (14 << (23 - SHIFT))

typedef struct {
  float top, depth; /* of the mean below the top */
  int32_t base;
  bool flat; /* with T infinite all are equally typical and stand as they are */
} ruler;

LK_INLINE v128_t bucket4(v128_t x, const ruler *r)
{
  v128_t d = wasm_f32x4_sub(wasm_f32x4_sub(wasm_f32x4_splat(r->top), x), wasm_f32x4_splat(r->depth));
  v128_t k = wasm_i32x4_sub(wasm_u32x4_shr(wasm_f32x4_abs(d), SHIFT), wasm_i32x4_splat(r->base));
  return wasm_i32x4_min(wasm_i32x4_max(k, wasm_i32x4_splat(0)), wasm_i32x4_splat(BUCKETS - 1));
}

/* Ascending by distance, those above the mean first; equals stay in ascending id. */
static uint32_t key_of(float x, const ruler *r)
{
  float below = (r->top - x) - r->depth;
  return r->flat ? lk_sort_key(x) : lk_bits(below) << 1 | (below > 0);
}

static void fill(const lk_chain *c, const ruler *r, double *mass)
{
  _Alignas(16) float scratch[LK_BLOCK], e[LK_BLOCK];
  _Alignas(16) uint32_t bucket[LK_BLOCK];
  ruler ruler = *r;
  for (uint32_t k = 0; k < BUCKETS; k++) mass[k] = 0;
  for (uint32_t b = 0; b < c->row.blocks; b++) {
    const float *x = lk_row_block(&c->row, b, scratch);
    lk_exp_some(&c->exp, x, LK_BLOCK, e);
    for (uint32_t i = 0; i < LK_BLOCK; i += 4) wasm_v128_store(bucket + i, bucket4(wasm_v128_load(x + i), &ruler));
    for (uint32_t i = 0; i < LK_BLOCK; i++) mass[bucket[i]] += e[i];
  }
}

/* Copies the tokens up to bucket `last` and masks the others. Those from bucket `first` on are made pairs: how many. */
static uint32_t part(const lk_row *row, const ruler *r, int32_t first, int32_t last, float *out, uint32_t *pair)
{
  _Alignas(16) float scratch[LK_BLOCK];
  uint32_t count = 0;
  ruler ruler = *r;
  v128_t none = wasm_f32x4_splat(-LK_INF);
  for (uint32_t b = 0; b < row->blocks; b++) {
    const float *x = lk_row_block(row, b, scratch);
    LK_ROLLED
    for (uint32_t i = 0; i < LK_BLOCK; i += 4, out += 4) {
      v128_t v = wasm_v128_load(x + i), k = bucket4(v, &ruler);
      v = wasm_v128_bitselect(none, v, wasm_i32x4_gt(k, wasm_i32x4_splat(last)));
      wasm_v128_store(out, v);
      v128_t near = wasm_v128_or(wasm_i32x4_lt(k, wasm_i32x4_splat(first)), wasm_f32x4_eq(v, none));
      for (uint32_t hits = 15 ^ wasm_i32x4_bitmask(near); hits; hits &= hits - 1, count++) {
        uint32_t j = (uint32_t)__builtin_ctz(hits);
        pair[2 * count] = key_of(out[j], r);
        pair[2 * count + 1] = b * LK_BLOCK + i + j;
      }
    }
  }
  return count;
}

/* How many of the sorted pairs stay, `before` being the mass of what is nearer than all of them. */
static uint32_t visit(const lk_chain *c, const float *z, uint32_t count, double before, double least)
{
  _Alignas(16) float e[LK_BLOCK];
  const lk_work *w = &c->work;
  uint32_t i = 0, keep = before > 0 ? 0 : lk_min_keep(c->s);
  for (; i < count && (i < keep || before < least); i++) {
    if (i % LK_BLOCK == 0) {
      for (uint32_t j = 0; j < LK_BLOCK; j++) e[j] = i + j < count ? z[lk_pair_id(w, i + j)] : -LK_INF;
      lk_exp_some(&c->exp, e, LK_BLOCK, e);
    }
    before += e[i % LK_BLOCK];
  }
  while (c->s->rules & LK_RULE_TIES && i > 0 && i < count && w->pair[2 * i] == w->pair[2 * i - 2]) i++;
  return i;
}

static int apply(lk_chain *c)
{
  lk_work *w = &c->work;
  lk_stats s;
  int status = lk_chain_settle(c);
  if (status == LK_OK && !c->listed && c->cut.z > -LK_INF) status = lk_chain_rewrite(c, LK_REWRITE_COPY);
  if (status == LK_OK) status = lk_chain_stats(c, &s);
  if (status != LK_OK) return status;

  float *z = c->listed ? w->list_z : w->spare, unit = (float)(s.depth + c->temperature * 0x1p-6);
  ruler r = { lk_chain_max(c), (float)s.depth, (int32_t)(lk_bits(unit) >> SHIFT) - LOWEST, unit == LK_INF };
  double before = 0, least = c->s->typical_p * s.total;
  int32_t first = 0, last = BUCKETS;
  lk_row row = c->row;
  if (c->listed) {
    lk_row_open(&row, z, c->count, LK_F32, w);
    lk_row_pad(&row);
  } else if (lk_min_keep(c->s) == 1 && !r.flat) {
    double *mass = (double *)w->histogram;
    fill(c, &r, mass);
    while (first < BUCKETS - 1 && (mass[first] == 0 || before + mass[first] < least)) before += mass[first++];
    last = first;
  }
  uint32_t count = part(&row, &r, first, last, z, w->pair);
  lk_sort_pairs(w, count);
  for (uint32_t i = visit(c, z, count, before, least); i < count; i++) z[lk_pair_id(w, i)] = -LK_INF;
  if (!c->listed) return lk_chain_reopen(c);
  lk_chain_resort(c);
  return LK_OK;
}

const lk_stage_def lk_stage_typical = { active, apply, 0 };
